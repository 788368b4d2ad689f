using Kpi.Rollups;
using Kpi.Rollups.Intake;
using Kpi.Rollups.Lanes;
using Kpi.Rollups.Time;

namespace Kpi.Collector.Otlp;

/// <summary>What became of a request. <see cref="Refused"/> is null when it was taken, wholly or but for the rejected items of the tally.</summary>
internal readonly record struct IntakeOutcome(RejectReason? Refused, ItemTally Tally);

/// <summary>The one way of a signal's bodies, whatever brought them: decode, post to the lanes, wait until they have applied it.</summary>
internal sealed class SignalIntake(Rollup rollup, ISignalDecoder decoder, TimeProvider clock)
{
    private readonly SampleBatchPool batches = new();

    public OtlpSignal Signal => decoder.Signal;

    public async ValueTask<IntakeOutcome> TakeAsync(ReadOnlyMemory<byte> body)
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

            if (!batch.IsEmpty)
            {
                if (!rollup.Lanes.TryPost(batch))
                {
                    return Refuse(RejectReason.Overloaded);
                }

                await batch.Applied.ConfigureAwait(false);
            }

            tally.AddTo(rollup.Intake, Signal.Kind, receipt.Value);
            return new IntakeOutcome(null, tally);
        }
        finally
        {
            batches.Return(batch);
        }
    }

    private IntakeOutcome Refuse(RejectReason reason)
    {
        rollup.Intake.Refuse(reason);
        return new IntakeOutcome(reason, default);
    }
}
