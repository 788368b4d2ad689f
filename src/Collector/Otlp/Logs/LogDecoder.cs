using Kpi.Rollups.Lanes;
using Kpi.Rollups.Time;

namespace Kpi.Collector.Otlp.Logs;

/// <summary>Counts the records of a logs request; there is nothing yet that keeps them.</summary>
internal sealed class LogDecoder : ISignalDecoder
{
    public OtlpSignal Signal => OtlpSignal.Logs;

    /// <inheritdoc/>
    public bool TryDecode(ReadOnlySpan<byte> body, UnixNanos receipt, SampleBatch batch, out ItemTally tally)
    {
        var walk = default(LogWalk);
        var sound = EnvelopeWalk.TryRun(body, ref walk);
        tally = walk.Tally;
        return sound;
    }
}
