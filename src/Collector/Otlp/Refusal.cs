using System.Diagnostics;
using Kpi.Collector.Otlp.Json;
using Kpi.Rollups.Intake;

namespace Kpi.Collector.Otlp;

/// <summary>How a refused request is answered, in the words of both protocols.</summary>
/// <param name="Grpc">gRPC status code.</param>
/// <param name="Http">HTTP status code.</param>
/// <param name="Retry">Whether the sender should send the same again.</param>
/// <param name="Message">What is wrong and what to do, for a person.</param>
internal readonly record struct Refusal(int Grpc, int Http, bool Retry, string Message)
{
    private const int InvalidArgument = 3;
    private const int ResourceExhausted = 8;
    private const int DeadlineExceeded = 4;
    private const int Unimplemented = 12;
    private const int Internal = 13;
    private const int Unavailable = 14;
    private const int Unauthenticated = 16;

    /// <summary>Whether the body was not understood, so that the answer says so in its details.</summary>
    public bool IsBadBody => Grpc == InvalidArgument;

    /// <summary>The answer to JSON that is not the request that it should be.</summary>
    public static Refusal OfJson(OtlpSignal signal, JsonFault fault) =>
        new(InvalidArgument, 400, false, $"the body is not an {signal.Request} in JSON: {fault}");

    /// <summary>The answer for a reason that concerns a whole request.</summary>
    /// <param name="reason">Why.</param>
    /// <param name="options">The limits to tell of.</param>
    /// <param name="signal">What the sender spoke of; null when that was never clear.</param>
    public static Refusal Of(RejectReason reason, CollectorOptions options, OtlpSignal? signal) => reason switch
    {
        RejectReason.Malformed => new(InvalidArgument, 400, false, $"the body is not an {signal?.Request} in protobuf"),
        RejectReason.BadCompression => new(InvalidArgument, 400, false, "the body does not inflate as what its encoding says"),
        RejectReason.TooLarge => new(ResourceExhausted, 413, false,
            $"the request is larger than {options.MaxRequestBytes} bytes (as sent, inflated, or in protobuf); send smaller batches or raise Kpi:Collector:MaxRequestBytes"),
        RejectReason.UnsupportedEncoding => new(Unimplemented, 415, false, "of compressions only gzip is taken, and over HTTP deflate"),
        RejectReason.UnsupportedContentType => new(Internal, 415, false, "of content types application/x-protobuf and application/json are taken here"),
        RejectReason.UnknownPath => new(Unimplemented, 404, false,
            "taken are POST /v1/traces, /v1/metrics and /v1/logs over HTTP, and Export of TraceService, MetricsService and LogsService over gRPC"),
        RejectReason.UnsupportedMethod => new(Internal, 405, false, "only POST is taken"),
        RejectReason.BadFraming => new(Internal, 400, false, "the gRPC framing is wrong: one message, its length in front, nothing behind it"),
        RejectReason.Overloaded => new(Unavailable, 503, true, "overloaded; send the same request again a little later"),
        RejectReason.NotDurable => new(Unavailable, 503, true, "the request could not be written to disk; send the same request again a little later"),
        RejectReason.Unauthenticated => new(Unauthenticated, 401, false,
            "no token that is known here; send 'Authorization: Bearer TOKEN' or 'x-api-key: TOKEN' with one of those in --token-file"),
        RejectReason.DeadlineExceeded => new(DeadlineExceeded, 504, false, "grpc-timeout passed before the body was durable; send the same request again"),
        RejectReason.Aborted => new(1, 400, false, "the request ended early, or its chunks are none"),
        _ => throw new UnreachableException($"{reason} concerns items"),
    };
}
