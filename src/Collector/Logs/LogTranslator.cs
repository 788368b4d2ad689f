using Kpi.Collector.Lookup;
using Kpi.Collector.Otlp;
using Kpi.Rollups.Intake;
using Kpi.Rollups.Lanes;
using Kpi.Rollups.Time;

namespace Kpi.Collector.Logs;

/// <summary>Turns a log record into an increase by one, or says why not.</summary>
internal sealed class LogTranslator(LogSeries series)
{
    /// <summary>Adds the record's sample to the batch. False when its series is new and <paramref name="create"/> is not set: nothing was added.</summary>
    public bool TryAdd(scoped in LogFacts record, int resource, IntakeLimits limits, bool create, SampleBatch batch, Span<byte> room, ref ItemTally tally)
    {
        var time = record.TimeAt(limits.Receipt);
        if ((Validate(in record, time, limits) ?? (batch.IsFull ? RejectReason.TooManySamples : null)) is { } reason)
        {
            tally.Reject(reason);
            return true;
        }

        var slot = series.Find(in record, resource, create, room, ref tally);
        if (slot == LogSeries.Unknown)
        {
            return false;
        }

        // Without a start: an event happens at its time, and events of many senders come in any order.
        batch.Add(CounterSample.Increase(slot, new UnixNanos(0), new UnixNanos((long)time), 1L));
        tally.Count(record.Severity);
        return true;
    }

    private static RejectReason? Validate(scoped in LogFacts record, ulong time, IntakeLimits limits) =>
        !record.IsUtf8 ? RejectReason.InvalidUtf8
        : time > (ulong)limits.Latest ? RejectReason.TooFarAhead
        : time < (ulong)limits.Earliest ? RejectReason.TooOld
        : null;
}
