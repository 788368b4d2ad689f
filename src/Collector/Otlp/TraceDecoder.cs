using System.Runtime.CompilerServices;
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
    [SkipLocalsInit]
    public bool TryDecode(ReadOnlySpan<byte> body, UnixNanos receipt, SampleBatch batch, out SpanTally tally)
    {
        // One room for the keys of all spans: a method that makes its own is compiled once, without what the run has taught.
        Span<byte> room = stackalloc byte[KeyBuffer.MostBytes];
        var limits = SpanLimits.At(receipt, rollup.Limits);
        var walk = new TraceWalk(body, translator, resources, limits, create: false, batch, room);
        walk.Run();
        if (walk is { MetUnknown: true, Malformed: false })
        {
            batch.Clear();
            walk = new TraceWalk(body, translator, resources, limits, create: true, batch, room);
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
