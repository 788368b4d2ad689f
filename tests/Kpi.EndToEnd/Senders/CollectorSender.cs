using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using Kpi.Testing;
using Kpi.Witness;

namespace Kpi.EndToEnd.Senders;

/// <summary>
/// The OpenTelemetry Collector's exporters otlp and otlphttp as documented: gzip, ten consumers of a queue, keep-alive pings every
/// 10 s; sent again are UNAVAILABLE and its like, RESOURCE_EXHAUSTED with RetryInfo, and HTTP 429, 502, 503, 504, after the
/// server's delay or a growing pause, whichever is longer; anything else drops the batch. The pause begins at 0.2 s, not 5 s, so that a test ends.
/// Source: opentelemetry-collector v0.159.0, exporter/otlpexporter, exporter/otlphttpexporter, config/configretry, config/configgrpc.
/// </summary>
internal sealed class CollectorSender(bool grpc, Uri server, int seed, string? token = null) : IDisposable
{
    private const int Consumers = 10;
    private const int FrameBytes = 5;
    private const double Multiplier = 1.5;
    private const double Randomization = 0.5;
    private const string ContentType = "application/x-protobuf";
    private const string GrpcType = "application/grpc";

    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(0.2);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan GiveUp = TimeSpan.FromSeconds(300);

    // Canceled, DeadlineExceeded, Aborted, OutOfRange, Unavailable, DataLoss; ResourceExhausted (8) with RetryInfo alone.
    private static readonly int[] RetriedCodes = [1, 4, 10, 11, 14, 15];

    private readonly HttpClient client = new(new SocketsHttpHandler
    {
        KeepAlivePingDelay = TimeSpan.FromSeconds(10),
        KeepAlivePingTimeout = TimeSpan.FromSeconds(10),
        KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
    })
    {
        BaseAddress = server,
        Timeout = TimeSpan.FromSeconds(grpc ? 5 : 30),
    };

    private readonly SpanBodies bodies = new(series: 40, seed);
    private readonly Random random = new(seed);
    private int acknowledged;
    private int retries;
    private int dropped;
    private int throttled;

    /// <summary>Spans in batches that were taken.</summary>
    public int Acknowledged => Volatile.Read(ref acknowledged);

    /// <summary>Batches sent again.</summary>
    public int Retries => Volatile.Read(ref retries);

    /// <summary>Of these, how often after a delay that the server named.</summary>
    public int Throttled => Volatile.Read(ref throttled);

    /// <summary>Batches given up.</summary>
    public int Dropped => Volatile.Read(ref dropped);

    /// <summary>Sends so many batches to their end: taken or given up.</summary>
    public async Task SendAsync(int batches, int spansPerBatch)
    {
        var now = (DateTime.UtcNow - DateTime.UnixEpoch).Ticks * 100;
        var queue = new ConcurrentQueue<byte[]>(Enumerable.Range(0, batches).Select(_ => Gzip(bodies.Make(spansPerBatch, now))));
        await Task.WhenAll(Enumerable.Range(0, Consumers).Select(_ => Task.Run(async () =>
        {
            while (queue.TryDequeue(out var body))
            {
                await SendUntilTakenAsync(body, spansPerBatch);
            }
        })));
    }

    public void Dispose() => client.Dispose();

    private async Task SendUntilTakenAsync(byte[] body, int spans)
    {
        var pause = FirstPause;
        var waited = TimeSpan.Zero;
        while (true)
        {
            var (taken, again, told) = await TryAsync(body);
            if (taken)
            {
                Interlocked.Add(ref acknowledged, spans);
                return;
            }

            if (!again || waited > GiveUp)
            {
                Interlocked.Increment(ref dropped);
                return;
            }

            Interlocked.Increment(ref retries);
            Interlocked.Add(ref throttled, told > TimeSpan.Zero ? 1 : 0);
            var jittered = pause * (1 - Randomization + (2 * Randomization * Chance()));
            var delay = told > jittered ? told : jittered;
            await Task.Delay(delay);
            waited += delay;
            pause = pause * Multiplier < LongestPause ? pause * Multiplier : LongestPause;
        }
    }

    private async Task<(bool Taken, bool Again, TimeSpan Told)> TryAsync(byte[] body)
    {
        try
        {
            using var request = grpc ? GrpcRequest(body) : HttpRequest(body);
            using var answer = await client.SendAsync(request);
            await answer.Content.ReadAsByteArrayAsync();
            return grpc ? OfGrpc(answer) : OfHttp(answer);
        }
        catch (Exception lost) when (lost is HttpRequestException or OperationCanceledException)
        {
            return (false, true, TimeSpan.Zero);
        }
    }

    private HttpRequestMessage HttpRequest(byte[] body)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/v1/traces") { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(ContentType);
        request.Content.Headers.ContentEncoding.Add("gzip");
        return Signed(request, "OpenTelemetry Collector/0.159.0 (linux/amd64)");
    }

    private HttpRequestMessage GrpcRequest(byte[] body)
    {
        var frame = new byte[FrameBytes + body.Length];
        frame[0] = 1;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), body.Length);
        body.CopyTo(frame, FrameBytes);
        var request = new HttpRequestMessage(HttpMethod.Post, "/opentelemetry.proto.collector.trace.v1.TraceService/Export")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(frame),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(GrpcType);
        request.Headers.TE.Add(new TransferCodingWithQualityHeaderValue("trailers"));
        request.Headers.Add("grpc-encoding", "gzip");
        request.Headers.Add("grpc-accept-encoding", "gzip,snappy,zstd");
        request.Headers.Add("grpc-timeout", "4999999u");
        return Signed(request, "OpenTelemetry Collector/0.159.0 (linux/amd64) grpc-go/1.82.0");
    }

    private HttpRequestMessage Signed(HttpRequestMessage request, string agent)
    {
        request.Headers.TryAddWithoutValidation("User-Agent", agent);
        if (token is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        return request;
    }

    private static (bool Taken, bool Again, TimeSpan Told) OfHttp(HttpResponseMessage answer)
    {
        var code = (int)answer.StatusCode;
        return (code is >= 200 and <= 299, code is 429 or 502 or 503 or 504, answer.Headers.RetryAfter?.Delta ?? TimeSpan.Zero);
    }

    private static (bool Taken, bool Again, TimeSpan Told) OfGrpc(HttpResponseMessage answer)
    {
        if (answer.StatusCode != HttpStatusCode.OK)
        {
            return (false, answer.StatusCode is HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout, default);
        }

        var code = int.Parse(Said(answer, "grpc-status")!, null);
        var told = Said(answer, "grpc-status-details-bin") is { } details ? DelayOf(details) : TimeSpan.Zero;
        return (code == 0, RetriedCodes.Contains(code) || (code == 8 && told > TimeSpan.Zero), told);
    }

    private static TimeSpan DelayOf(string details)
    {
        var status = RpcStatus.Parser.ParseFrom(Convert.FromBase64String(details.PadRight((details.Length + 3) / 4 * 4, '=')));
        var info = status.Details.Single(d => d.TypeUrl.EndsWith("google.rpc.RetryInfo", StringComparison.Ordinal));
        var delay = RetryInfo.Parser.ParseFrom(info.Value).RetryDelay;
        return TimeSpan.FromSeconds(delay.Seconds) + TimeSpan.FromMicroseconds(delay.Nanos / 1_000.0);
    }

    private static string? Said(HttpResponseMessage answer, string name) =>
        answer.TrailingHeaders.TryGetValues(name, out var last) || answer.Headers.TryGetValues(name, out last) ? last.Single() : null;

    private double Chance()
    {
        lock (random)
        {
            return random.NextDouble();
        }
    }

    private static byte[] Gzip(byte[] bytes)
    {
        var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest))
        {
            gzip.Write(bytes);
        }

        return compressed.ToArray();
    }
}
