using Kpi.Collector.Spans;
using Kpi.Rollups;
using Kpi.Rollups.Lanes;
using Kpi.Rollups.Time;

namespace Kpi.Collector.Otlp;

/// <summary>Turns the body of a trace request into samples. Shared by all requests; keeps no state of any.</summary>
internal sealed class TraceDecoder
{
    private readonly Rollup rollup;
    private readonly ResourceTable resources = new();
    private readonly SpanTranslator translator;

    public TraceDecoder(Rollup rollup)
    {
        this.rollup = rollup;
        translator = new SpanTranslator(new SpanSeries(rollup.Catalog, resources));
    }

    /// <summary>
    /// Fills the batch. False when the body is malformed: then the batch is empty and no series was made. Allocates nothing when
    /// all series are known.
    /// </summary>
    public bool TryDecode(ReadOnlySpan<byte> body, UnixNanos receipt, SampleBatch batch, out SpanTally tally)
    {
        var limits = SpanLimits.At(receipt, rollup.Limits);
        var walk = new TraceWalk(body, translator, resources, limits, create: false, batch);
        walk.Run();
        if (walk is { MetUnknown: true, Malformed: false })
        {
            batch.Clear();
            walk = new TraceWalk(body, translator, resources, limits, create: true, batch);
            walk.Run();
        }

        tally = walk.Tally;
        if (walk.Malformed)
        {
            batch.Clear();
            return false;
        }

        return true;
    }
}
