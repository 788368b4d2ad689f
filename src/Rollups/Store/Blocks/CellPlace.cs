using Kpi.Rollups.Cells;

namespace Kpi.Rollups.Store.Blocks;

/// <summary>Where a cell belongs: the number of its series, and its time as the cells behind the first of its block or tile.</summary>
internal readonly record struct CellPlace(int Series, int Time);

/// <summary>A counter cell in its place.</summary>
internal readonly record struct PlacedCounter(CellPlace Place, CounterCell Cell);

/// <summary>A distribution cell in its place, with the number of its edge set.</summary>
internal readonly record struct PlacedDistribution(CellPlace Place, int EdgeSet, DistributionCell Cell);
