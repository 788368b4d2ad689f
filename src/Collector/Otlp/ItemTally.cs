using System.Runtime.CompilerServices;
using Kpi.Rollups.Intake;

namespace Kpi.Collector.Otlp;

/// <summary>Counts of one request, kept apart until it is certain that the request counts at all.</summary>
internal struct ItemTally
{
    private const int ReasonCount = (int)RejectReason.IntervalNotShared + 1;

    private const int SeverityCount = (int)LogSeverity.Fatal + 1;

    // What is further ahead than a clock may be wrong would hide what its neighbours tell of the clock.
    private const long MostAheadNanos = 86_400L * 1_000_000_000;

    private Counts counts;
    private Severities severities;

    /// <summary>Spans, data points or log records in the request.</summary>
    public int Items { get; set; }

    /// <summary>Items among them that were not taken.</summary>
    public int Rejected { get; private set; }

    /// <summary>Time of the newest item, taken or not, in nanoseconds since 1970; 0 when none has one that a clock may show.</summary>
    public long Newest { get; private set; }

    public readonly int this[RejectReason reason] => counts[(int)reason];

    /// <summary>Counts an item that was not taken.</summary>
    public void Reject(RejectReason reason)
    {
        Rejected++;
        Count(reason);
    }

    /// <summary>Counts a remark.</summary>
    public void Count(RejectReason reason) => counts[(int)reason]++;

    /// <summary>Counts a log record that was taken.</summary>
    public void Count(LogSeverity severity) => severities[(int)severity]++;

    /// <summary>Sees the time of an item of a request received at an instant, both in nanoseconds since 1970.</summary>
    public void See(ulong time, long receipt)
    {
        if (time > (ulong)Newest && time <= (ulong)(receipt + MostAheadNanos))
        {
            Newest = (long)time;
        }
    }

    /// <summary>Adds everything to the counts of who sent it.</summary>
    public readonly void AddTo(SenderBook senders, in HeardBody body) => senders.Take(in body, Items - Rejected, Newest, counts);

    /// <summary>Adds everything to the process's counts.</summary>
    public readonly void AddTo(IntakeTally intake, TelemetrySignal signal, long receivedNanos)
    {
        intake.Take(signal, Items - Rejected, receivedNanos);
        for (var i = 0; i < ReasonCount; i++)
        {
            intake.Count(signal, (RejectReason)i, counts[i]);
        }

        for (var i = 0; i < SeverityCount; i++)
        {
            intake.TakeLogRecords((LogSeverity)i, severities[i]);
        }
    }

    /// <summary>For the sender, when items were rejected: <c>3 of 10 spans rejected: invalid_id 2, too_old 1</c>.</summary>
    public readonly string Describe(OtlpSignal signal)
    {
        var reasons = new List<string>();
        for (var i = 0; i < ReasonCount; i++)
        {
            if (counts[i] > 0 && !IntakeTally.IsRemark((RejectReason)i))
            {
                reasons.Add($"{IntakeTally.NameOf((RejectReason)i)} {counts[i]}");
            }
        }

        return $"{Rejected} of {Items} {signal.Items} rejected: {string.Join(", ", reasons)}";
    }

    [InlineArray(ReasonCount)]
    private struct Counts
    {
        private int first;
    }

    [InlineArray(SeverityCount)]
    private struct Severities
    {
        private int first;
    }
}
