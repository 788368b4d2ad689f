using System.Buffers.Binary;
using System.IO.Compression;
using System.Net.Http.Headers;
using Google.Protobuf;
using Kpi.Rollups.Intake;
using Kpi.Rollups.Time;
using Kpi.Witness;

namespace Kpi.Tests.Collector;

/// <summary>An answer of OTLP/HTTP.</summary>
internal sealed record HttpAnswer(int Code, byte[] Body, HttpResponseMessage Message)
{
    public RpcStatus Status => RpcStatus.Parser.ParseFrom(Body);

    public ExportTraceServiceResponse Response => ExportTraceServiceResponse.Parser.ParseFrom(Body);
}

/// <summary>An answer of OTLP/gRPC; the status from the trailers, or from the headers when there is no message.</summary>
internal sealed record GrpcAnswer(int Code, string Status, string Message, byte[] Body, string? Details, HttpResponseMessage Raw)
{
    public ExportTraceServiceResponse Response => ExportTraceServiceResponse.Parser.ParseFrom(Body.AsSpan(5).ToArray());
}

/// <summary>Raw requests to the collector, good and bad, and what must be true after a bad one.</summary>
internal static class OtlpClient
{
    public const string Export = "/opentelemetry.proto.collector.trace.v1.TraceService/Export";

    /// <summary>A request that counts, of so many spans that have just ended.</summary>
    public static ExportTraceServiceRequest Good(int spans = 1)
    {
        var now = (ulong)UnixNanos.Now(TimeProvider.System).Value;
        return TestSpans.Request([.. Enumerable.Range(0, spans).Select(_ =>
        {
            var span = TestSpans.Get();
            span.EndTimeUnixNano = now;
            span.StartTimeUnixNano = now - TestSpans.Duration;
            return span;
        })]);
    }

    public static Task<HttpAnswer> PostAsync(this ServerBed bed, IMessage body) => bed.PostAsync(body.ToByteArray());

    public static Task<HttpAnswer> PostAsync(
        this ServerBed bed, byte[] body, string? encoding = null, string? type = "application/x-protobuf", string path = "/v1/traces", string method = "POST") =>
        bed.SendAsync(new ByteArrayContent(body), encoding, type, path, method);

    public static async Task<HttpAnswer> SendAsync(
        this ServerBed bed, HttpContent content, string? encoding = null, string? type = "application/x-protobuf", string path = "/v1/traces", string method = "POST")
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = content };
        content.Headers.ContentType = type is null ? null : MediaTypeHeaderValue.Parse(type);
        if (encoding is not null)
        {
            content.Headers.TryAddWithoutValidation("Content-Encoding", encoding);
        }

        using var message = await bed.Http.SendAsync(request);
        return new HttpAnswer((int)message.StatusCode, await message.Content.ReadAsByteArrayAsync(), message);
    }

    public static Task<GrpcAnswer> CallAsync(this ServerBed bed, IMessage message) => bed.CallAsync(Frame(message.ToByteArray()));

    public static Task<GrpcAnswer> CallAsync(this ServerBed bed, byte[] frames, string? encoding = null, string? type = "application/grpc", string path = Export) =>
        bed.CallAsync(new ByteArrayContent(frames), encoding, type, path);

    public static async Task<GrpcAnswer> CallAsync(this ServerBed bed, HttpContent content, string? encoding = null, string? type = "application/grpc", string path = Export)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = content, Version = new Version(2, 0), VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        content.Headers.ContentType = type is null ? null : MediaTypeHeaderValue.Parse(type);
        request.Headers.TE.Add(new TransferCodingWithQualityHeaderValue("trailers"));
        if (encoding is not null)
        {
            request.Headers.TryAddWithoutValidation("grpc-encoding", encoding);
        }

        using var answer = await bed.Grpc.SendAsync(request);
        var body = await answer.Content.ReadAsByteArrayAsync();
        return new GrpcAnswer((int)answer.StatusCode, Said("grpc-status") ?? "", Said("grpc-message") ?? "", body, Said("grpc-status-details-bin"), answer);

        string? Said(string name) =>
            answer.TrailingHeaders.TryGetValues(name, out var last) || answer.Headers.TryGetValues(name, out last) ? last.Single() : null;
    }

    /// <summary>The refusal is counted once, under its reason, and nothing else is; then a good request still counts, and counts once.</summary>
    public static async Task AssertRefusedAsync(this ServerBed bed, RejectReason reason, Func<Task> send)
    {
        var before = Reasons(bed);
        var (accepted, counted) = (bed.Rollup.Intake.Accepted, await bed.CountAsync());
        await send();
        before[reason]++;
        Assert.Equal(before, Reasons(bed));
        Assert.Equal(accepted, bed.Rollup.Intake.Accepted);
        Assert.Equal(counted, await bed.CountAsync());

        await bed.AssertGoodRequestsCountAsync();
        Assert.Equal(before, Reasons(bed));
        Assert.True(bed.Complaints.Count == 0, string.Join('\n', bed.Complaints));
    }

    public static async Task AssertGoodRequestsCountAsync(this ServerBed bed)
    {
        var counted = await bed.CountAsync();
        var http = await bed.PostAsync(Good(2));
        Assert.Equal((200, 0), (http.Code, http.Body.Length));
        var grpc = await bed.CallAsync(Good(3));
        Assert.Equal((200, "0"), (grpc.Code, grpc.Status));
        Assert.Equal(counted + 5, await bed.CountAsync());
    }

    public static byte[] Frame(byte[] message, byte flag = 0)
    {
        var frame = new byte[5 + message.Length];
        frame[0] = flag;
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(1), (uint)message.Length);
        message.CopyTo(frame, 5);
        return frame;
    }

    public static byte[] Gzip(byte[] bytes)
    {
        var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest))
        {
            gzip.Write(bytes);
        }

        return compressed.ToArray();
    }

    private static Dictionary<RejectReason, long> Reasons(ServerBed bed) => Enum.GetValues<RejectReason>().ToDictionary(r => r, r => bed.Rollup.Intake[r]);
}
