using Kpi.Collector.Admission;
using Kpi.Collector.Journal;
using Kpi.Rollups;
using Kpi.Rollups.Intake;
using Kpi.Rollups.Lanes;
using Kpi.Rollups.Time;

namespace Kpi.Collector.Otlp;

/// <summary>What became of a request.</summary>
/// <param name="Refused">Why it was not taken; null when it was, wholly or but for items that the answer names.</param>
/// <param name="Answer">The export response; empty when there is nothing to say.</param>
internal readonly record struct IntakeOutcome(RejectReason? Refused, byte[] Answer);

/// <summary>
/// The one way of a signal's bodies, whatever brought them: known already? decode, journal, lanes; the answer follows when the body
/// is durable and its samples are applied.
/// </summary>
internal sealed class SignalIntake(Rollup rollup, ISignalDecoder decoder, BodyJournal journal, TimeProvider clock)
{
    private readonly SampleBatchPool batches = new();

    public OtlpSignal Signal => decoder.Signal;

    public async ValueTask<IntakeOutcome> TakeAsync(ReceivedBody body)
    {
        var digest = journal.Digest.Of(Signal.Number, body.Inflated.Span, body.Peer.Sender?.Fingerprint ?? default);
        while (journal.Retries.Enter(digest) is { } first)
        {
            if (await first.ConfigureAwait(false) is { } answer)
            {
                rollup.Intake.Repeat();
                rollup.Senders.Repeat(body.HeardAs(Signal, UnixNanos.Now(clock)));
                return new IntakeOutcome(null, answer);
            }
        }

        IntakeOutcome? outcome = null;
        try
        {
            outcome = await TakeNewAsync(body, digest).ConfigureAwait(false);
            return outcome.Value;
        }
        finally
        {
            if (outcome is null or { Refused: not null })
            {
                journal.Retries.Forget(digest);
            }
        }
    }

    private async ValueTask<IntakeOutcome> TakeNewAsync(ReceivedBody body, UInt128 digest)
    {
        var receipt = UnixNanos.Now(clock);
        var batch = batches.Rent();
        batch.ReceivedAt = clock.GetTimestamp();
        try
        {
            if (!rollup.Lanes.HasRoom)
            {
                return Refuse(RejectReason.Overloaded, body, receipt);
            }

            if (!decoder.TryDecode(body.Inflated.Span, receipt, batch, out var tally))
            {
                return Refuse(RejectReason.Malformed, body, receipt);
            }

            var answer = tally.Rejected > 0 ? Answers.Export(tally.Rejected, tally.Describe(Signal)) : [];
            var append = new BodyAppend(rollup.Lanes, batch, journal.Retries)
            {
                Entry = new JournalEntry(Signal.Number, (byte)body.Encoding, receipt.Value, digest),
                Peer = body.Peer.Text,
                Answer = answer,
                Body = body.AsReceived,
            };
            if (!await journal.KeepAsync(append).ConfigureAwait(false))
            {
                return Refuse(RejectReason.NotDurable, body, receipt);
            }

            if (!batch.IsEmpty)
            {
                await batch.Applied.ConfigureAwait(false);
            }

            tally.AddTo(rollup.Intake, Signal.Kind, receipt.Value);
            tally.AddTo(rollup.Senders, body.HeardAs(Signal, receipt));
            return new IntakeOutcome(null, answer);
        }
        finally
        {
            batches.Return(batch);
        }
    }

    private IntakeOutcome Refuse(RejectReason reason, in ReceivedBody body, UnixNanos receipt)
    {
        rollup.Refuse(reason);
        rollup.Senders.Refuse(body.HeardAs(Signal, receipt), reason);
        return new IntakeOutcome(reason, []);
    }
}
