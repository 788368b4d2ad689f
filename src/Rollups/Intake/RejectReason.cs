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

    /// <summary>The body could not be made durable: the journal is at its limit, or its disk is full or fails. The sender was asked to try again.</summary>
    NotDurable,

    /// <summary>No token, or one that is not known.</summary>
    Unauthenticated,

    /// <summary>The sender's own deadline passed before its body was decoded; it is asked to try again.</summary>
    DeadlineExceeded,

    /// <summary>The sender went away before the body was complete.</summary>
    Aborted,

    /// <summary>Trace id not 16 bytes, span id not 8, or all zero.</summary>
    InvalidId,

    /// <summary>A string that is not UTF-8.</summary>
    InvalidUtf8,

    /// <summary>A span without an end, a data point without a time.</summary>
    NoTime,

    /// <summary>Older than the retention.</summary>
    TooOld,

    /// <summary>Further ahead of our clock than allowed.</summary>
    TooFarAhead,

    /// <summary>A data point with no value that does not say that it has none.</summary>
    NoValue,

    /// <summary>A counter's value that is NaN or infinite.</summary>
    NotFinite,

    /// <summary>A counter's value below zero.</summary>
    NegativeValue,

    /// <summary>A sum or histogram that is neither delta nor cumulative.</summary>
    NoTemporality,

    /// <summary>A histogram's data point whose buckets are not what they must be: counts that do not add up, bounds that do not ascend.</summary>
    InvalidBuckets,

    /// <summary>An item of a request that has brought more than a batch takes: 128 MiB of samples.</summary>
    TooManySamples,

    /// <summary>A metric without a name, or with one of more than 256 bytes.</summary>
    InvalidName,

    /// <summary>A data point with more than 64 attributes, or with one whose name has more than 256 bytes.</summary>
    TooManyLabels,

    /// <summary>A running total of a new series when there are too many: unlike increases, totals of several series do not add up in one.</summary>
    TooManySeries,

    /// <summary>Taken: the span ends before it starts, so it is counted without a duration.</summary>
    EndBeforeStart,

    /// <summary>Taken: the span has no start time, so it is counted without a duration.</summary>
    NoStartTime,

    /// <summary>Taken: a label value was too long and is counted as <c>_OTHER</c>.</summary>
    LongLabelValue,

    /// <summary>Taken: a rule drops or limits a label of a running total or gauge, which do not add up without it; it is kept.</summary>
    LabelKept,

    /// <summary>Taken: a status code that is none is left out.</summary>
    InvalidStatusCode,

    /// <summary>Taken: counted in the overflow series, as there are too many series.</summary>
    SeriesOverflow,

    /// <summary>Taken, adds nothing: the first running total of a series, counted since nobody knows when.</summary>
    UnknownStart,

    /// <summary>Taken, adds nothing: the same running total at the same time as before.</summary>
    DuplicatePoint,

    /// <summary>Taken, adds nothing: a running total older than the series' newest.</summary>
    OutOfOrder,

    /// <summary>Taken: the running total fell, so it began anew, but its start time says otherwise.</summary>
    ResetWithoutStart,

    /// <summary>Taken: the times overlap with those of another sender of the same series; they lack an instance id that tells them apart.</summary>
    OverlappingSenders,

    /// <summary>Taken, adds nothing: a histogram whose buckets changed without a new start, so that no difference can be told.</summary>
    BucketsChanged,

    /// <summary>Taken: counted whole in its last slice, as there was no memory to share it out over its long interval.</summary>
    IntervalNotShared,
}
