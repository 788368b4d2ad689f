using Kpi.Rollups.Cells;

namespace Kpi.Rollups.Store.Blocks;

/// <summary>Where a cell belongs: the number of its series, and its time as the cells behind the first of its block or tile.</summary>
internal readonly record struct CellPlace(int Series, int Time);

/// <summary>A counter cell in its place.</summary>
internal readonly struct PlacedCounter(CellPlace place, CounterCell cell) : IEquatable<PlacedCounter>
{
    /// <summary>Fields, as cells are large and columns are made of them one field at a time.</summary>
    public readonly CellPlace Place = place;
    public readonly CounterCell Cell = cell;

    public bool Equals(PlacedCounter other) => Place == other.Place && Cell == other.Cell;

    public override bool Equals(object? obj) => obj is PlacedCounter other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(Place, Cell);

    public override string ToString() => $"{Place} {Cell}";
}

/// <summary>A distribution cell in its place, with the number of its edge set.</summary>
internal readonly record struct PlacedDistribution(CellPlace Place, int EdgeSet, DistributionCell Cell);

/// <summary>A gauge cell in its place.</summary>
internal readonly record struct PlacedGauge(CellPlace Place, GaugeCell Cell);

/// <summary>A histogram cell in its place.</summary>
internal readonly record struct PlacedHistogram(CellPlace Place, HistogramCell Cell);
