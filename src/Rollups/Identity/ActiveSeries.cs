using Kpi.Rollups.Cells;
using Kpi.Rollups.Counters;

namespace Kpi.Rollups.Identity;

/// <summary>A series that is being written: its identity and its place in the lanes.</summary>
public sealed class ActiveSeries
{
    private volatile EdgeSet edges;

    internal ActiveSeries(Series identity, int slot, int generation, EdgeSet edges, TimeSpan sampled)
    {
        Identity = identity;
        Slot = slot;
        Generation = generation;
        LastSampled = sampled;
        this.edges = edges;
    }

    /// <summary>Who it is.</summary>
    public Series Identity { get; }

    /// <summary>Its number in this process, 0 and up; the lane is <c>Slot mod lanes</c>.</summary>
    public int Slot { get; }

    /// <summary>How many series had the slot before it; with the slot it names the series for as long as the process runs.</summary>
    public int Generation { get; }

    /// <summary>When a flush last had a cell of it, or when it was made, to a flush; on the clock of <see cref="SeriesCatalog.Retire"/>.</summary>
    internal TimeSpan LastSampled { get; set; }

    /// <summary>Whether it takes what no longer fits under the cap, of any sender.</summary>
    internal bool IsOverflow { get; set; }

    /// <summary>What turns a counter's points into increases; the series' lane alone has to do with it.</summary>
    internal CounterState? Counter { get; set; }

    /// <summary>The same for a histogram.</summary>
    internal HistogramState? Histogram { get; set; }

    /// <summary>Edges that its distribution cells count exactly from now on.</summary>
    internal EdgeSet Edges
    {
        get => edges;
        set => edges = value;
    }
}
