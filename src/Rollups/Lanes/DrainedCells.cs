using Kpi.Rollups.Cells;

namespace Kpi.Rollups.Lanes;

/// <summary>
/// What one lane gave to a flush. Nobody writes to it any more; readers still see it in the lane until the flush is committed
/// and the lane is told to discard it.
/// </summary>
internal sealed record DrainedCells(long Flush, List<OpenDistribution> Distributions, Dictionary<CellKey, CounterCell> Counters);

/// <summary>One slice of a series: series by slot, slice by number.</summary>
internal readonly record struct CellKey(int Slot, int Slice);
