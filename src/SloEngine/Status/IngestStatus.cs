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
    IngestEndpoints Endpoints)
{
    /// <summary>Who sends running totals, and so would be missed.</summary>
    public SourcesStatus Sources { get; init; } = SourcesStatus.None;
}

/// <summary>Sources with a heartbeat.</summary>
/// <param name="Live">How many were heard lately.</param>
/// <param name="Unknown">How many fell silent and may come back.</param>
/// <param name="Retired">How many were silent for so long that they are gone.</param>
/// <param name="Silent">The unknown ones, the longest silent first; at most <see cref="MostSilent"/>.</param>
public sealed record SourcesStatus(int Live, int Unknown, int Retired, IReadOnlyList<SilentSource> Silent)
{
    /// <summary>Silent sources that are named.</summary>
    public const int MostSilent = 10;

    /// <summary>Nobody.</summary>
    public static readonly SourcesStatus None = new(0, 0, 0, []);
}

/// <summary>A source that fell silent.</summary>
/// <param name="Service"><c>service.name</c>.</param>
/// <param name="Instance"><c>service.instance.id</c>; empty without one.</param>
/// <param name="LastHeard">End of the slice in which it was last heard.</param>
public sealed record SilentSource(string Service, string Instance, DateTimeOffset LastHeard);

/// <summary>How often a reason occurred.</summary>
public sealed record ReasonCount(string Reason, long Count);

/// <summary>Where senders reach us, as <c>host:port</c>.</summary>
public sealed record IngestEndpoints(string? Grpc, string? Http);
