using System.Runtime.CompilerServices;
using Kpi.Collector.Lookup;
using Kpi.Collector.Spans;
using Kpi.Rollups;
using Kpi.Rollups.Lanes;
using Kpi.Rollups.Time;

namespace Kpi.Collector.Otlp.Traces;

/// <summary>Turns the body of a trace request into samples. Allocates nothing when all series are known.</summary>
internal sealed class TraceDecoder : ISignalDecoder
{
    private readonly Rollup rollup;
    private readonly ResourceTable resources = new(tellsInstances: false);
    private readonly SpanTranslator translator;

    public TraceDecoder(Rollup rollup)
    {
        this.rollup = rollup;
        translator = new SpanTranslator(new SpanSeries(rollup.Catalog, resources, new LabelShaper(rollup.Catalog)));
    }

    public OtlpSignal Signal => OtlpSignal.Traces;

    /// <inheritdoc/>
    [SkipLocalsInit]
    public bool TryDecode(ReadOnlySpan<byte> body, UnixNanos receipt, SampleBatch batch, out ItemTally tally)
    {
        // One room for the keys of all spans: a method that makes its own is compiled once, without what the run has taught.
        Span<byte> room = stackalloc byte[KeyBuffer.MostBytes];
        var limits = IntakeLimits.At(receipt, rollup.Limits);
        var walk = new TraceWalk(body, translator, resources, limits, create: false, batch, room);
        var sound = EnvelopeWalk.TryRun(body, ref walk);
        if (sound && walk.MetUnknown)
        {
            batch.Clear();
            walk = new TraceWalk(body, translator, resources, limits, create: true, batch, room);
            EnvelopeWalk.TryRun(body, ref walk);
        }

        tally = walk.Tally;
        if (!sound)
        {
            batch.Clear();
        }

        return sound;
    }
}
