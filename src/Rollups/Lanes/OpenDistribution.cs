using Kpi.Rollups.Cells;
using Kpi.Rollups.Identity;

namespace Kpi.Rollups.Lanes;

/// <summary>A cell that a lane is filling, or has drained and not yet been told to forget. Pooled by its lane.</summary>
internal sealed class OpenDistribution(CellMemory memory)
{
    public DistributionCell Cell { get; } = new(memory);

    public ActiveSeries Series { get; private set; } = null!;

    public int Slice { get; private set; }

    public void Start(ActiveSeries series, int slice)
    {
        Series = series;
        Slice = slice;
        Cell.Reset(series.Edges);
    }
}
