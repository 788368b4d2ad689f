using Kpi.Rollups.Cells;

namespace Kpi.Rollups.Identity;

/// <summary>A series that is being written: its identity and its place in the lanes.</summary>
public sealed class ActiveSeries
{
    private volatile EdgeSet edges;

    internal ActiveSeries(Series identity, int slot, EdgeSet edges)
    {
        Identity = identity;
        Slot = slot;
        this.edges = edges;
    }

    /// <summary>Who it is.</summary>
    public Series Identity { get; }

    /// <summary>Its number in this process, 0 and up; the lane is <c>Slot mod lanes</c>.</summary>
    public int Slot { get; }

    /// <summary>Edges that its distribution cells count exactly from now on.</summary>
    internal EdgeSet Edges
    {
        get => edges;
        set => edges = value;
    }
}
