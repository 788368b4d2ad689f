using Kpi.Rollups.Cells;
using Kpi.Rollups.Coverage;
using Kpi.Rollups.Identity;
using Kpi.Rollups.Time;

namespace Kpi.Rollups.Store;

/// <summary>A flush as it goes into the store: increments that add to what is there.</summary>
/// <param name="Mark">Writer's number of the flush and its place in the journal.</param>
/// <param name="Writer">Who flushes: one id per data folder.</param>
/// <param name="Distributions">Distribution increments; a series and slice may occur several times.</param>
/// <param name="Counters">Counter increments; a series and slice occur once.</param>
public sealed record FlushCommit(
    Guid Writer,
    FlushMark Mark,
    IReadOnlyList<DistributionIncrement> Distributions,
    IReadOnlyList<CounterIncrement> Counters)
{
    /// <summary>Gauge increments; a series and slice occur once.</summary>
    public IReadOnlyList<GaugeIncrement> Gauges { get; init; } = [];

    /// <summary>Histogram increments; a series and slice occur once per layout.</summary>
    public IReadOnlyList<HistogramIncrement> Histograms { get; init; } = [];

    /// <summary>What was watched.</summary>
    public CoverageIncrement Coverage { get; init; } = CoverageIncrement.None;
}

/// <summary>A writer's flush.</summary>
/// <param name="Number">Counts from 1, without gaps; 0 is "none yet".</param>
/// <param name="Position">Place in the journal up to which all is contained; 0 without a journal.</param>
public readonly record struct FlushMark(long Number, long Position);

/// <summary>What a distribution gained in a slice.</summary>
public readonly record struct DistributionIncrement(Series Series, Slice Slice, DistributionCell Cell);

/// <summary>What a counter gained in a slice.</summary>
public readonly record struct CounterIncrement(Series Series, Slice Slice, CounterCell Cell);

/// <summary>What a gauge showed in a slice.</summary>
public readonly record struct GaugeIncrement(Series Series, Slice Slice, GaugeCell Cell);

/// <summary>What a histogram gained in a slice.</summary>
public readonly record struct HistogramIncrement(Series Series, Slice Slice, HistogramCell Cell);

/// <summary>What became of a commit.</summary>
public enum CommitOutcome
{
    /// <summary>It is in the store, durably.</summary>
    Applied,

    /// <summary>It was there before; nothing changed.</summary>
    AlreadyCommitted,
}
