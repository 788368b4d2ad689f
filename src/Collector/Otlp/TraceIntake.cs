using Kpi.Collector.Spans;
using Kpi.Rollups;
using Kpi.Rollups.Intake;
using Kpi.Rollups.Lanes;
using Kpi.Rollups.Time;

namespace Kpi.Collector.Otlp;

/// <summary>What became of a trace request. <see cref="Refused"/> is null when it was taken, wholly or but for the rejected spans of the tally.</summary>
internal readonly record struct TraceOutcome(RejectReason? Refused, SpanTally Tally);

/// <summary>The one way of a trace body, whatever brought it: decode, post to the lanes, wait until they have applied it.</summary>
internal sealed class TraceIntake(Rollup rollup, TraceDecoder decoder, TimeProvider clock)
{
    private readonly SampleBatchPool batches = new();

    public async ValueTask<TraceOutcome> TakeAsync(ReadOnlyMemory<byte> body)
    {
        var receipt = UnixNanos.Now(clock);
        var batch = batches.Rent();
        batch.ReceivedAt = clock.GetTimestamp();
        try
        {
            if (!decoder.TryDecode(body.Span, receipt, batch, out var tally))
            {
                return Refuse(RejectReason.Malformed);
            }

            if (!batch.Durations.IsEmpty)
            {
                if (!rollup.Lanes.TryPost(batch))
                {
                    return Refuse(RejectReason.Overloaded);
                }

                await batch.Applied.ConfigureAwait(false);
            }

            tally.AddTo(rollup.Intake, receipt.Value);
            return new TraceOutcome(null, tally);
        }
        finally
        {
            batches.Return(batch);
        }
    }

    public TraceOutcome Refuse(RejectReason reason)
    {
        rollup.Intake.Count(reason);
        return new TraceOutcome(reason, default);
    }
}
