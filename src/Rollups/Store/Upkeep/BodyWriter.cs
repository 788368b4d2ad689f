using Kpi.Rollups.Store.Blocks;

namespace Kpi.Rollups.Store.Upkeep;

/// <summary>Makes the bodies that upkeep writes: they build on no other block.</summary>
internal sealed class BodyWriter
{
    private readonly CounterBlockWriter counters = new();
    private readonly DistributionBlockWriter distributions = new();
    private readonly GaugeBlockWriter gauges = new();
    private readonly HistogramBlockWriter histograms = new();
    private readonly ByteSink sink = new();

    /// <summary>Cells in order of time, then series.</summary>
    public IEnumerable<byte[]> Counters(PlacedCounter[] cells, int span)
    {
        foreach (var part in cells.Chunk(BlockFormat.MostCells))
        {
            sink.Clear();
            counters.Write(sink, part, span, keyNumber: 0, RawKey.None);
            yield return sink.Written.ToArray();
        }
    }

    /// <summary>Cells in order of series, then time.</summary>
    public IEnumerable<byte[]> Gauges(PlacedGauge[] cells, int span)
    {
        foreach (var part in cells.Chunk(BlockFormat.MostCells))
        {
            sink.Clear();
            gauges.Write(sink, part, span);
            yield return sink.Written.ToArray();
        }
    }

    /// <summary>Cells in order of series, then time.</summary>
    public IReadOnlyList<byte[]> Histograms(ReadOnlySpan<PlacedHistogram> cells, int span) => histograms.Cut(sink, cells, span);

    /// <summary>Cells in order of series, then time.</summary>
    public IReadOnlyList<byte[]> Distributions(ReadOnlySpan<PlacedDistribution> cells, int span) => distributions.Cut(sink, cells, span);
}
