using Kpi.Rollups.Identity;
using Kpi.Rollups.Time;

namespace Kpi.Rollups.Store.Sqlite;

/// <summary>A shard: the series of one kind that share a fresh block.</summary>
internal readonly record struct Shard(SeriesKind Kind, int Number);

/// <summary>Stored cells to read.</summary>
/// <param name="Tier">Their tier; 0 is late cells of 10 s that the tiers have yet to take.</param>
/// <param name="First">The first cell.</param>
/// <param name="Last">The last cell.</param>
/// <param name="Only">These series alone; null is all.</param>
/// <param name="AfterBlock">Blocks of higher numbers alone, and no tiles; 0 is everything.</param>
/// <param name="ToBlock">Blocks of at most this number.</param>
internal sealed record CellArea(
    TimeTier Tier, int First, int Last, SeriesChoice? Only = null, long AfterBlock = 0, long ToBlock = long.MaxValue)
{
    /// <summary>The number under which late cells are stored.</summary>
    public const TimeTier Late = 0;

    /// <summary>The tier whose cells these are as long as.</summary>
    public TimeTier Length => Tier == Late ? TimeTier.Slices : Tier;
}

/// <summary>Takes the increases of counters alone where they lie together.</summary>
internal interface IStoredIncreases : IStoredCells
{
    /// <summary>The increases of several series from a cell on, cell by cell; valid during the call only.</summary>
    void Take(TimeTier tier, int firstCell, ReadOnlySpan<int> series, ReadOnlySpan<long> increases, long nanosPerUnit);
}

/// <summary>Takes stored cells.</summary>
internal interface IStoredCells
{
    /// <summary>Whether the cells of a series are of interest; asked once per block or tile and series.</summary>
    bool Wants(SeriesKind kind, int series);

    /// <summary>A counter cell.</summary>
    void Take(TimeTier tier, int cell, int series, in Cells.CounterCell counter);

    /// <summary>A gauge cell.</summary>
    void Take(TimeTier tier, int cell, int series, in Cells.GaugeCell gauge);

    /// <summary>A histogram cell, valid during the call only.</summary>
    void Take(TimeTier tier, int cell, int series, Cells.HistogramCell histogram);

    /// <summary>A distribution cell, valid during the call only.</summary>
    void Take(TimeTier tier, int cell, int series, int edgeSet, Cells.DistributionCell distribution);
}
