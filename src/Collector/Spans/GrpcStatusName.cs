namespace Kpi.Collector.Spans;

/// <summary>The names of gRPC's status codes, as <c>rpc.response.status_code</c> carries them. Source: grpc/grpc doc/statuscodes.md.</summary>
internal static class GrpcStatusName
{
    public static ReadOnlySpan<byte> Of(int code) => code switch
    {
        0 => "OK"u8,
        1 => "CANCELLED"u8,
        2 => "UNKNOWN"u8,
        3 => "INVALID_ARGUMENT"u8,
        4 => "DEADLINE_EXCEEDED"u8,
        5 => "NOT_FOUND"u8,
        6 => "ALREADY_EXISTS"u8,
        7 => "PERMISSION_DENIED"u8,
        8 => "RESOURCE_EXHAUSTED"u8,
        9 => "FAILED_PRECONDITION"u8,
        10 => "ABORTED"u8,
        11 => "OUT_OF_RANGE"u8,
        12 => "UNIMPLEMENTED"u8,
        13 => "INTERNAL"u8,
        14 => "UNAVAILABLE"u8,
        15 => "DATA_LOSS"u8,
        16 => "UNAUTHENTICATED"u8,
        _ => default,
    };
}
