using System.Runtime.CompilerServices;
using Kpi.Collector.Logs;
using Kpi.Collector.Lookup;
using Kpi.Rollups;
using Kpi.Rollups.Lanes;
using Kpi.Rollups.Time;

namespace Kpi.Collector.Otlp.Logs;

/// <summary>Turns the body of a logs request into samples: a count of one for each record. Allocates nothing when all series are known.</summary>
internal sealed class LogDecoder : ISignalDecoder
{
    private readonly Rollup rollup;
    private readonly ResourceTable resources = new(tellsInstances: false);
    private readonly LogTranslator translator;

    public LogDecoder(Rollup rollup)
    {
        this.rollup = rollup;
        translator = new LogTranslator(new LogSeries(rollup.Catalog, resources));
    }

    public OtlpSignal Signal => OtlpSignal.Logs;

    /// <inheritdoc/>
    [SkipLocalsInit]
    public bool TryDecode(ReadOnlySpan<byte> body, UnixNanos receipt, SampleBatch batch, out ItemTally tally)
    {
        Span<byte> room = stackalloc byte[KeyBuffer.MostBytes];
        var limits = IntakeLimits.At(receipt, rollup.Limits);
        var walk = new LogWalk(translator, resources, limits, create: false, batch, room);
        var sound = EnvelopeWalk.TryRun(body, ref walk);
        if (sound && walk.MetUnknown)
        {
            batch.Clear();
            walk = new LogWalk(translator, resources, limits, create: true, batch, room);
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
