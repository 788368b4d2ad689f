namespace Kpi.Collector.Spans;

/// <summary>A span attribute that we read. The value says where it goes and whether a newer name for the same exists.</summary>
/// <param name="Slot">The slot, for attributes that are text.</param>
/// <param name="Role">What it is, when it is not plain text.</param>
/// <param name="Older">A name from before the semantic conventions were stable: it counts only where the current one is missing.</param>
internal readonly record struct SpanKey(Slot Slot, SpanKeyRole Role, bool Older);

/// <summary>How an attribute is read.</summary>
internal enum SpanKeyRole
{
    /// <summary>Not one of ours.</summary>
    None,

    /// <summary>Text for a slot.</summary>
    Text,

    /// <summary>Text for a slot under a name that was replaced twice: it counts only where neither later name is there.</summary>
    OldestText,

    /// <summary>An HTTP status code.</summary>
    HttpStatus,

    /// <summary>A gRPC status code, as number.</summary>
    GrpcStatus,

    /// <summary>True when the request was refused to protect an overloaded system.</summary>
    Shed,
}
