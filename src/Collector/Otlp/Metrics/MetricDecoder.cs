using System.Runtime.CompilerServices;
using Kpi.Collector.Lookup;
using Kpi.Collector.Points;
using Kpi.Rollups;
using Kpi.Rollups.Lanes;
using Kpi.Rollups.Time;

namespace Kpi.Collector.Otlp.Metrics;

/// <summary>Turns the body of a metrics request into samples. Allocates nothing when all series are known.</summary>
internal sealed class MetricDecoder : ISignalDecoder
{
    private readonly Rollup rollup;
    private readonly ResourceTable resources = new(tellsInstances: true);
    private readonly PointTranslator translator;

    public MetricDecoder(Rollup rollup)
    {
        this.rollup = rollup;
        translator = new PointTranslator(new PointSeries(rollup.Catalog, resources, new LabelShaper(rollup.Catalog)));
    }

    public OtlpSignal Signal => OtlpSignal.Metrics;

    /// <inheritdoc/>
    [SkipLocalsInit]
    public bool TryDecode(ReadOnlySpan<byte> body, UnixNanos receipt, SampleBatch batch, out ItemTally tally)
    {
        Span<byte> room = stackalloc byte[KeyBuffer.MostBytes];
        var limits = IntakeLimits.At(receipt, rollup.Limits);
        var walk = new MetricWalk(translator, resources, limits, create: false, batch, room);
        var sound = EnvelopeWalk.TryRun(body, ref walk);
        if (sound && walk.MetUnknown)
        {
            batch.Clear();
            walk = new MetricWalk(translator, resources, limits, create: true, batch, room);
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
