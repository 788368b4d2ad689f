namespace Kpi.SloEngine.Status;

/// <summary>What came in since the process started.</summary>
/// <param name="Accepted">Spans taken.</param>
/// <param name="Refused">Requests and spans not taken, by reason; only reasons that occurred, most frequent first.</param>
/// <param name="Noted">Spans taken with a remark, by reason.</param>
/// <param name="Series">Series being written.</param>
/// <param name="SeriesLimit">Beyond this many, new ones are counted together.</param>
/// <param name="LastReceived">When the last body was taken.</param>
/// <param name="Endpoints">Where to send.</param>
public sealed record IngestStatus(
    long Accepted,
    IReadOnlyList<ReasonCount> Refused,
    IReadOnlyList<ReasonCount> Noted,
    int Series,
    int SeriesLimit,
    DateTimeOffset? LastReceived,
    IngestEndpoints Endpoints);

/// <summary>How often a reason occurred.</summary>
public sealed record ReasonCount(string Reason, long Count);

/// <summary>Where senders reach us, as <c>host:port</c>.</summary>
public sealed record IngestEndpoints(string? Grpc, string? Http);
