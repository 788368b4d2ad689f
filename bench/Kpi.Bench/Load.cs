using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using Kpi.Rollups.Time;
using Kpi.Testing;

namespace Kpi.Bench;

/// <summary>Sends bodies of 512 spans with 16 in flight over one protocol. No two bodies are alike: each bears its number in its first trace id.</summary>
internal sealed class Load : IDisposable
{
    public const int SpansPerBody = 512;
    private const int InFlight = 16;
    private const int FrameBytes = 5;

    private readonly HttpClient client;
    private readonly byte[][] templates;
    private readonly bool grpc;
    private long number;

    public Load(bool grpc, int port)
    {
        this.grpc = grpc;
        client = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = grpc ? 1 : InFlight, InitialHttp2StreamWindowSize = 1 << 20 })
        {
            BaseAddress = new Uri($"http://127.0.0.1:{port}"),
        };
        var bodies = new SpanBodies(series: 1_000);
        templates = [.. Enumerable.Range(0, InFlight).Select(_ => bodies.Make(SpansPerBody, UnixNanos.Now(TimeProvider.System).Value))];
    }

    public int BodyBytes => templates[0].Length;

    public Task SendAsync(int bodies)
    {
        var left = bodies;
        return Task.WhenAll(templates.Select(template => Task.Run(async () =>
        {
            var body = new byte[FrameBytes + template.Length];
            BinaryPrimitives.WriteInt32BigEndian(body.AsSpan(1), template.Length);
            template.CopyTo(body, FrameBytes);
            var id = FirstTraceId(body);
            while (Interlocked.Decrement(ref left) >= 0)
            {
                BinaryPrimitives.WriteInt64LittleEndian(body.AsSpan(id), Interlocked.Increment(ref number));
                await PostAsync(body);
            }
        })));
    }

    /// <summary>Sends bodies one after the other; how long each took, in milliseconds.</summary>
    public async Task<List<double>> TimesAsync(int bodies)
    {
        var times = new List<double>(bodies);
        var body = new byte[FrameBytes + templates[0].Length];
        BinaryPrimitives.WriteInt32BigEndian(body.AsSpan(1), templates[0].Length);
        templates[0].CopyTo(body, FrameBytes);
        var id = FirstTraceId(body);
        for (var i = 0; i < bodies; i++)
        {
            BinaryPrimitives.WriteInt64LittleEndian(body.AsSpan(id), Interlocked.Increment(ref number));
            var started = Stopwatch.GetTimestamp();
            await PostAsync(body);
            times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }

        return times;
    }

    public void Dispose() => client.Dispose();

    private async Task PostAsync(byte[] body)
    {
        using var content = grpc ? new ByteArrayContent(body) : new ByteArrayContent(body, FrameBytes, body.Length - FrameBytes);
        content.Headers.ContentType = new MediaTypeHeaderValue(grpc ? "application/grpc" : "application/x-protobuf");
        using var request = new HttpRequestMessage(
            HttpMethod.Post, grpc ? "/opentelemetry.proto.collector.trace.v1.TraceService/Export" : "/v1/traces")
        {
            Content = content,
            Version = grpc ? HttpVersion.Version20 : HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        if (grpc)
        {
            request.Headers.TE.Add(new TransferCodingWithQualityHeaderValue("trailers"));
        }

        using var answer = await client.SendAsync(request);
        var bytes = await answer.Content.ReadAsByteArrayAsync();
        if (!answer.IsSuccessStatusCode || bytes.Length > FrameBytes || (grpc && answer.TrailingHeaders.GetValues("grpc-status").Single() != "0"))
        {
            throw new InvalidOperationException($"a body was not taken whole: {answer} {System.Text.Encoding.UTF8.GetString(bytes)}");
        }
    }

    // The first span begins with tag 1 and a length of 16; what stands before it (resource, scope) holds no such pair.
    private static int FirstTraceId(byte[] body) => body.AsSpan().IndexOf([(byte)0x0A, (byte)0x10]) + 2;
}
