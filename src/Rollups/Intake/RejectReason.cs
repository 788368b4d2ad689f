namespace Kpi.Rollups.Intake;

/// <summary>Why something was not taken, or taken with a remark. The names in lower case with underscores are the label values.</summary>
public enum RejectReason
{
    /// <summary>The body is not what its content type says: cut short, malformed, nested too deep.</summary>
    Malformed,

    /// <summary>Larger than the request limit, as sent or inflated.</summary>
    TooLarge,

    /// <summary>A compression that is not taken.</summary>
    UnsupportedEncoding,

    /// <summary>A compressed body that does not inflate.</summary>
    BadCompression,

    /// <summary>A content type that is not taken.</summary>
    UnsupportedContentType,

    /// <summary>A path or gRPC method that is not there.</summary>
    UnknownPath,

    /// <summary>A method other than POST.</summary>
    UnsupportedMethod,

    /// <summary>gRPC framing: flag without encoding, none or several messages, bytes behind the message.</summary>
    BadFraming,

    /// <summary>Queues or memory are full; the sender was asked to try again.</summary>
    Overloaded,

    /// <summary>The sender went away before the body was complete.</summary>
    Aborted,

    /// <summary>Trace id not 16 bytes, span id not 8, or all zero.</summary>
    InvalidId,

    /// <summary>A string that is not UTF-8.</summary>
    InvalidUtf8,

    /// <summary>No end time.</summary>
    NoTime,

    /// <summary>Older than the retention.</summary>
    TooOld,

    /// <summary>Further ahead of our clock than allowed.</summary>
    TooFarAhead,

    /// <summary>Taken: the span ends before it starts, so it is counted without a duration.</summary>
    EndBeforeStart,

    /// <summary>Taken: the span has no start time, so it is counted without a duration.</summary>
    NoStartTime,

    /// <summary>Taken: a label value was too long and is counted as <c>_OTHER</c>.</summary>
    LongLabelValue,

    /// <summary>Taken: a status code that is none is left out.</summary>
    InvalidStatusCode,

    /// <summary>Taken: counted in the overflow series, as there are too many series.</summary>
    SeriesOverflow,
}
