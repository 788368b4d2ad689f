using Kpi.Rollups.Cells;
using Kpi.Rollups.Identity;
using Kpi.Rollups.Time;

namespace Kpi.Rollups.Reading;

/// <summary>
/// A visitor to whom of a counter the increase is enough: tiles then show it many at a time, some ten times as fast. Cells that do
/// not lie so come one by one.
/// </summary>
public interface IIncreaseVisitor : ICellVisitor
{
    /// <summary>The increases of several counters over times side by side, valid during the call only.</summary>
    /// <param name="series">The counters.</param>
    /// <param name="first">The first time; those that follow begin where the one before ends, and are as long.</param>
    /// <param name="increases">For each time the increase of each of them, time by time.</param>
    /// <param name="nanosPerUnit">What the increases are in: 1 for units of 10⁻⁹, 10⁹ for whole ones.</param>
    void Visit(ReadOnlySpan<Series> series, SliceRange first, ReadOnlySpan<long> increases, long nanosPerUnit);
}

/// <summary>Receives cells, uncommitted and stored, in no particular order. Called by one thread at a time.</summary>
public interface ICellVisitor
{
    /// <summary>Whether the cells of a series are of interest; asked often, so answer from a cache.</summary>
    bool Wants(Series series);

    /// <summary>A distribution cell, valid during the call only. The same series and time may come several times: the parts add up.</summary>
    /// <param name="span">The time it covers: one slice, or as many as a cell of a coarser tier has. Wholly inside the range asked for.</param>
    void Visit(Series series, SliceRange span, DistributionCell cell);

    /// <summary>A counter cell. The same series and time may come several times: the parts add up.</summary>
    /// <param name="span">The time it covers; its offsets count from the start of it.</param>
    void Visit(Series series, SliceRange span, CounterCell cell);

    /// <summary>A gauge cell; who wants no gauges is shown none. The same series and time may come several times: the parts add up.</summary>
    /// <param name="span">The time it covers; its offset counts from the start of it.</param>
    void Visit(Series series, SliceRange span, GaugeCell cell)
    {
    }

    /// <summary>A histogram cell, valid during the call only; who wants none is shown none. The same series and time may come several times, in several layouts.</summary>
    /// <param name="span">The time it covers; its offsets count from the start of it.</param>
    void Visit(Series series, SliceRange span, HistogramCell cell)
    {
    }
}
