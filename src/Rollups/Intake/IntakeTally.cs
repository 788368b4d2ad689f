using System.Diagnostics;

namespace Kpi.Rollups.Intake;

/// <summary>Counts of what came in since the process started, by reason. Any thread writes, any reads.</summary>
public sealed class IntakeTally
{
    /// <summary>Reasons that concern a whole request: counted in requests.</summary>
    private const RejectReason LastOfRequests = RejectReason.Aborted;

    /// <summary>Reasons from here on are remarks: what bears them was taken.</summary>
    private const RejectReason FirstRemark = RejectReason.EndBeforeStart;

    private static readonly int Reasons = Enum.GetValues<RejectReason>().Length;
    private static readonly int Signals = Enum.GetValues<TelemetrySignal>().Length;

    // A row for requests, which may be refused before it is known what they carry, then one for each signal.
    private readonly long[] byReason = new long[(1 + Signals) * Reasons];
    private readonly long[] accepted = new long[Signals];
    private readonly long[] logRecords = new long[Enum.GetValues<LogSeverity>().Length];
    private long changes;
    private long lastReceived;
    private long repeated;

    /// <summary>Moves with every count; when it has not moved, nothing has changed.</summary>
    public long Changes => Volatile.Read(ref changes);

    /// <summary>Spans taken.</summary>
    public long Accepted => AcceptedOf(TelemetrySignal.Traces);

    /// <summary>When the last body was taken, in nanoseconds since 1970; 0 when none was.</summary>
    public long LastReceived => Volatile.Read(ref lastReceived);

    /// <summary>Requests that came again after they were taken: they got the first answer and were not counted twice.</summary>
    public long Repeated => Volatile.Read(ref repeated);

    /// <summary>How often a reason occurred: in requests, or in items of all signals; see <see cref="CountsRequests"/>.</summary>
    public long this[RejectReason reason]
    {
        get
        {
            long sum = 0;
            for (var at = (int)reason; at < byReason.Length; at += Reasons)
            {
                sum += Volatile.Read(ref byReason[at]);
            }

            return sum;
        }
    }

    /// <summary>How often a reason occurred with the items of a signal.</summary>
    public long this[TelemetrySignal signal, RejectReason reason] => Volatile.Read(ref byReason[IndexOf(signal, reason)]);

    /// <summary>Whether a reason is counted in requests, else in items: spans, data points, log records.</summary>
    public static bool CountsRequests(RejectReason reason) => reason <= LastOfRequests;

    /// <summary>Whether the sender was asked to send the same again: there was nothing wrong with it.</summary>
    public static bool AsksToRetry(RejectReason reason) =>
        reason is RejectReason.Overloaded or RejectReason.NotDurable or RejectReason.DeadlineExceeded;

    /// <summary>Whether what bears the reason was taken all the same.</summary>
    public static bool IsRemark(RejectReason reason) => reason >= FirstRemark;

    /// <summary>The label value: <c>too_old</c>.</summary>
    public static string NameOf(RejectReason reason) => reason switch
    {
        RejectReason.Malformed => "malformed",
        RejectReason.TooLarge => "too_large",
        RejectReason.UnsupportedEncoding => "unsupported_encoding",
        RejectReason.BadCompression => "bad_compression",
        RejectReason.UnsupportedContentType => "unsupported_content_type",
        RejectReason.UnknownPath => "unknown_path",
        RejectReason.UnsupportedMethod => "unsupported_method",
        RejectReason.BadFraming => "bad_framing",
        RejectReason.Overloaded => "overloaded",
        RejectReason.NotDurable => "not_durable",
        RejectReason.Unauthenticated => "unauthenticated",
        RejectReason.DeadlineExceeded => "deadline_exceeded",
        RejectReason.Aborted => "aborted",
        RejectReason.InvalidId => "invalid_id",
        RejectReason.InvalidUtf8 => "invalid_utf8",
        RejectReason.NoTime => "no_time",
        RejectReason.TooOld => "too_old",
        RejectReason.TooFarAhead => "too_far_ahead",
        RejectReason.NoValue => "no_value",
        RejectReason.NotFinite => "not_finite",
        RejectReason.NegativeValue => "negative_value",
        RejectReason.NoTemporality => "no_temporality",
        RejectReason.InvalidBuckets => "invalid_buckets",
        RejectReason.TooManySamples => "too_many_samples",
        RejectReason.InvalidName => "invalid_name",
        RejectReason.TooManyLabels => "too_many_labels",
        RejectReason.TooManySeries => "too_many_series",
        RejectReason.EndBeforeStart => "end_before_start",
        RejectReason.NoStartTime => "no_start_time",
        RejectReason.LongLabelValue => "long_label_value",
        RejectReason.LabelKept => "label_kept",
        RejectReason.InvalidStatusCode => "invalid_status_code",
        RejectReason.SeriesOverflow => "series_overflow",
        RejectReason.UnknownStart => "unknown_start",
        RejectReason.DuplicatePoint => "duplicate_point",
        RejectReason.OutOfOrder => "out_of_order",
        RejectReason.ResetWithoutStart => "reset_without_start",
        RejectReason.OverlappingSenders => "overlapping_senders",
        RejectReason.BucketsChanged => "buckets_changed",
        RejectReason.IntervalNotShared => "interval_not_shared",
        _ => throw new UnreachableException(),
    };

    /// <summary>Items of a signal taken.</summary>
    public long AcceptedOf(TelemetrySignal signal) => Volatile.Read(ref accepted[(int)signal]);

    /// <summary>Log records taken of a class of severity.</summary>
    public long LogRecordsOf(LogSeverity severity) => Volatile.Read(ref logRecords[(int)severity]);

    /// <summary>Counts items that were taken, received at an instant in nanoseconds since 1970.</summary>
    public void Take(TelemetrySignal signal, long items, long receivedNanos)
    {
        Interlocked.Add(ref accepted[(int)signal], items);
        Interlocked.Increment(ref changes);
        Volatile.Write(ref lastReceived, receivedNanos);
    }

    /// <summary>Counts log records that were taken by their severity.</summary>
    public void TakeLogRecords(LogSeverity severity, long records)
    {
        if (records != 0)
        {
            Interlocked.Add(ref logRecords[(int)severity], records);
        }
    }

    /// <summary>Counts a request that was a retry.</summary>
    public void Repeat()
    {
        Interlocked.Increment(ref repeated);
        Interlocked.Increment(ref changes);
    }

    /// <summary>Counts refused requests.</summary>
    public void Refuse(RejectReason reason, long times = 1)
    {
        Interlocked.Add(ref byReason[(int)reason], times);
        Interlocked.Increment(ref changes);
    }

    /// <summary>Counts a reason that items bear.</summary>
    public void Count(TelemetrySignal signal, RejectReason reason, long times = 1)
    {
        if (times != 0)
        {
            Interlocked.Add(ref byReason[IndexOf(signal, reason)], times);
            Interlocked.Increment(ref changes);
        }
    }

    private static int IndexOf(TelemetrySignal signal, RejectReason reason) => ((1 + (int)signal) * Reasons) + (int)reason;
}
