using System.Diagnostics;

namespace Kpi.Rollups.Intake;

/// <summary>Counts of what came in since the process started, by reason. Any thread writes, any reads.</summary>
public sealed class IntakeTally
{
    /// <summary>Reasons that concern a whole request: counted in requests.</summary>
    private const RejectReason LastOfRequests = RejectReason.Aborted;

    /// <summary>Reasons from here on are remarks: what bears them was taken.</summary>
    private const RejectReason FirstRemark = RejectReason.EndBeforeStart;

    private readonly long[] byReason = new long[Enum.GetValues<RejectReason>().Length];
    private long accepted;
    private long changes;
    private long lastReceived;

    /// <summary>Moves with every count; when it has not moved, nothing has changed.</summary>
    public long Changes => Volatile.Read(ref changes);

    /// <summary>Spans taken.</summary>
    public long Accepted => Volatile.Read(ref accepted);

    /// <summary>When the last body was taken, in nanoseconds since 1970; 0 when none was.</summary>
    public long LastReceived => Volatile.Read(ref lastReceived);

    /// <summary>How often a reason occurred: requests or spans, see <see cref="CountsRequests"/>.</summary>
    public long this[RejectReason reason] => Volatile.Read(ref byReason[(int)reason]);

    /// <summary>Whether a reason is counted in requests, else in spans.</summary>
    public static bool CountsRequests(RejectReason reason) => reason <= LastOfRequests;

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
        RejectReason.Aborted => "aborted",
        RejectReason.InvalidId => "invalid_id",
        RejectReason.InvalidUtf8 => "invalid_utf8",
        RejectReason.NoTime => "no_time",
        RejectReason.TooOld => "too_old",
        RejectReason.TooFarAhead => "too_far_ahead",
        RejectReason.EndBeforeStart => "end_before_start",
        RejectReason.NoStartTime => "no_start_time",
        RejectReason.LongLabelValue => "long_label_value",
        RejectReason.InvalidStatusCode => "invalid_status_code",
        RejectReason.SeriesOverflow => "series_overflow",
        _ => throw new UnreachableException(),
    };

    /// <summary>Counts spans that were taken, received at an instant in nanoseconds since 1970.</summary>
    public void Take(long spans, long receivedNanos)
    {
        Interlocked.Add(ref accepted, spans);
        Interlocked.Increment(ref changes);
        Volatile.Write(ref lastReceived, receivedNanos);
    }

    /// <summary>Counts a reason.</summary>
    public void Count(RejectReason reason, long times = 1)
    {
        if (times != 0)
        {
            Interlocked.Add(ref byReason[(int)reason], times);
            Interlocked.Increment(ref changes);
        }
    }
}
