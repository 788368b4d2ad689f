using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using Kpi.Rollups.Time;
using Kpi.Testing;

namespace Kpi.Bench;

/// <summary>What became of a swarm's requests.</summary>
internal sealed record SwarmCount(long Taken, long Refused, long Wrong, TimeSpan Took)
{
    public long Sent => Taken + Refused + Wrong;

    public double TakenPerSecond => Taken / Took.TotalSeconds;
}

/// <summary>
/// Many senders, half over gRPC and half over HTTP/1.1, each with one request under way at any time. After a refusal that says when
/// to come again the next body is sent far too early. No two bodies are alike.
/// </summary>
internal sealed class Swarm : IDisposable
{
    private const int FrameBytes = 5;
    private const int SendersPerConnection = 8;
    private const int CalmRequests = 200;

    /// <summary>After how long a refused sender sends again: a tenth of what it is told at least.</summary>
    public static readonly TimeSpan Impatience = TimeSpan.FromSeconds(0.2);

    private readonly ServerProcess server;
    private readonly byte[] template;
    private readonly int traceId;
    private readonly HttpClient http = new(new SocketsHttpHandler());
    private readonly HttpClient[] grpc;
    private long number;

    public Swarm(ServerProcess server)
    {
        this.server = server;
        var body = new SpanBodies(series: 1_000).Make(Load.SpansPerBody, UnixNanos.Now(TimeProvider.System).Value);
        template = new byte[FrameBytes + body.Length];
        BinaryPrimitives.WriteInt32BigEndian(template.AsSpan(1), body.Length);
        body.CopyTo(template, FrameBytes);
        traceId = template.AsSpan().IndexOf([(byte)0x0A, (byte)0x10]) + 2;
        grpc = [.. Enumerable.Range(0, 8).Select(_ => new HttpClient(new SocketsHttpHandler { InitialHttp2StreamWindowSize = 1 << 20 }))];
    }

    public int BodyBytes => template.Length - FrameBytes;

    public async Task<SwarmCount> RunAsync(int senders, TimeSpan length)
    {
        long taken = 0, refused = 0, wrong = 0;
        var started = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, senders).Select(i => Task.Run(async () =>
        {
            var body = template.ToArray();
            while (started.Elapsed < length)
            {
                switch (await SendAsync(i, body))
                {
                    case true:
                        Interlocked.Increment(ref taken);
                        break;
                    case false:
                        Interlocked.Increment(ref refused);
                        await Task.Delay(Impatience, CancellationToken.None);
                        break;
                    default:
                        Interlocked.Increment(ref wrong);
                        break;
                }
            }
        })));
        return new SwarmCount(taken, refused, wrong, started.Elapsed);
    }

    /// <summary>The p99 of a lone sender, in milliseconds.</summary>
    public async Task<double> CalmAsync()
    {
        var times = new List<double>(CalmRequests);
        for (var i = 0; i < CalmRequests; i++)
        {
            times.Add(await TimeAsync(i));
        }

        return P99(times);
    }

    /// <summary>From now until the p99 of a lone sender's last requests is at most this, in milliseconds; a minute at most.</summary>
    public async Task<TimeSpan> RecoveryAsync(double milliseconds)
    {
        const int Window = 50;
        var started = Stopwatch.StartNew();
        var times = new List<double>();
        do
        {
            times.Add(await TimeAsync(times.Count));
        }
        while (started.Elapsed < TimeSpan.FromMinutes(1) && (times.Count < Window || P99(times[^Window..]) > milliseconds));

        // The window begins when the server was itself again; what it took is no part of the wait.
        return started.Elapsed - TimeSpan.FromMilliseconds(times.TakeLast(Window).Where(double.IsFinite).Sum());
    }

    public void Dispose()
    {
        http.Dispose();
        foreach (var client in grpc)
        {
            client.Dispose();
        }
    }

    private static double P99(List<double> times) => times.Order().ElementAt((int)(0.99 * times.Count));

    private async Task<double> TimeAsync(int request)
    {
        var started = Stopwatch.GetTimestamp();
        var taken = await SendAsync(request % 2, template.ToArray());
        return taken == true ? Stopwatch.GetElapsedTime(started).TotalMilliseconds : double.PositiveInfinity;
    }

    /// <summary>True: taken. False: to come again. Null: neither.</summary>
    private async Task<bool?> SendAsync(int sender, byte[] body)
    {
        BinaryPrimitives.WriteInt64LittleEndian(body.AsSpan(traceId), Interlocked.Increment(ref number));
        var overGrpc = sender % 2 == 0;
        using var content = overGrpc ? new ByteArrayContent(body) : new ByteArrayContent(body, FrameBytes, body.Length - FrameBytes);
        content.Headers.ContentType = new MediaTypeHeaderValue(overGrpc ? "application/grpc" : "application/x-protobuf");
        using var request = new HttpRequestMessage(HttpMethod.Post, overGrpc
            ? $"http://127.0.0.1:{server.GrpcPort}/opentelemetry.proto.collector.trace.v1.TraceService/Export"
            : $"http://127.0.0.1:{server.HttpPort}/v1/traces")
        {
            Content = content,
            Version = overGrpc ? HttpVersion.Version20 : HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        try
        {
            using var answer = await (overGrpc ? grpc[sender / SendersPerConnection % grpc.Length] : http).SendAsync(request);
            await answer.Content.ReadAsByteArrayAsync();
            var status = overGrpc ? Status(answer) : (int)answer.StatusCode;
            return status is 0 or 200 ? true : status is 14 or 503 ? false : null;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    private static int Status(HttpResponseMessage answer) =>
        answer.TrailingHeaders.TryGetValues("grpc-status", out var said) || answer.Headers.TryGetValues("grpc-status", out said)
            ? int.Parse(said.Single(), null) : -1;
}
