using Kpi.Collector.Otlp;
using Kpi.Collector.Otlp.Json;
using Kpi.Rollups.Intake;

namespace Kpi.Collector.Admission;

/// <summary>
/// Makes of a body as it was received the message in protobuf, for requests and for what the journal kept of them. Holds the message
/// until it is disposed.
/// </summary>
internal sealed class BodyUnpacking(BytesInFlight budget, int limit) : IDisposable
{
    private readonly BodyBuffer inflated = new(budget, limit);
    private readonly BodyBuffer transcoded = new(budget, limit);

    /// <summary>The message, once it was unpacked.</summary>
    public ReadOnlyMemory<byte> Message { get; private set; }

    /// <summary>What is wrong with a JSON body; of no words when nothing is known to be.</summary>
    public JsonFault Fault { get; private set; }

    public static bool IsJson(BodyEncoding encoding) => encoding is BodyEncoding.Json or BodyEncoding.JsonGzip or BodyEncoding.JsonDeflate;

    /// <summary>Null when the message is there; else why not.</summary>
    public RejectReason? Run(ReadOnlyMemory<byte> received, BodyEncoding encoding, OtlpSignal signal)
    {
        var refused = Inflate(received, encoding);
        if (refused is not null || !IsJson(encoding))
        {
            return refused;
        }

        refused = JsonTranscoder.Run(Message.Span, JsonSchema.RequestOf(signal), transcoded, out var fault);
        Fault = fault;
        Message = transcoded.Written;
        inflated.Dispose();
        return refused;
    }

    public void Dispose()
    {
        inflated.Dispose();
        transcoded.Dispose();
    }

    private RejectReason? Inflate(ReadOnlyMemory<byte> received, BodyEncoding encoding)
    {
        switch (encoding)
        {
            case BodyEncoding.Identity or BodyEncoding.Json:
                Message = received;
                return null;
            case BodyEncoding.Gzip or BodyEncoding.JsonGzip:
                return Inflated(GzipBody.Inflate(received, inflated));
            case BodyEncoding.Deflate or BodyEncoding.JsonDeflate:
                return Inflated(DeflateBody.Inflate(received, inflated));
            default:
                return RejectReason.UnsupportedEncoding;
        }
    }

    private RejectReason? Inflated(RejectReason? refused)
    {
        Message = inflated.Written;
        return refused;
    }
}
