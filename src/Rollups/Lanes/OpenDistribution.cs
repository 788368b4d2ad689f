using Kpi.Rollups.Cells;
using Kpi.Rollups.Identity;

namespace Kpi.Rollups.Lanes;

/// <summary>A cell that a lane is filling, or has drained and not yet been told to forget. Pooled by its lane.</summary>
internal sealed class OpenDistribution(CellMemory memory)
{
    public DistributionCell Cell { get; } = new(memory);

    public ActiveSeries Series { get; private set; } = null!;

    public int Slice { get; private set; }

    /// <summary>The next open cell of the same series: another slice, or another part of the same.</summary>
    public OpenDistribution? Next { get; set; }

    public void Start(ActiveSeries series, int slice, OpenDistribution? next)
    {
        Series = series;
        Slice = slice;
        Next = next;
        Cell.Reset(series.Edges);
    }
}
