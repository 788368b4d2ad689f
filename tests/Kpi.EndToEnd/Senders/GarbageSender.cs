using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using Kpi.EndToEnd.Server;
using Kpi.Testing;

namespace Kpi.EndToEnd.Senders;

/// <summary>Everything a port gets that nobody meant for it: broken bodies, wrong heads, other protocols, noise. No answer is expected, only no harm.</summary>
internal sealed class GarbageSender : IDisposable
{
    private const string ExportPath = "opentelemetry.proto.collector.trace.v1.TraceService/Export";
    private const int TooManyBytes = (64 << 20) + 1;

    private static readonly byte[] ClientHello = [0x16, 0x03, 0x01, 0x00, 0xF4, 0x01, 0x00, 0x00, 0xF0, 0x03, 0x03, .. Enumerable.Range(0, 239).Select(i => (byte)i)];
    private static readonly byte[] Http2Preface = [.. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8];
    private static readonly byte[] Bomb = Gzip(new byte[TooManyBytes]);

    private readonly KpiServer server;
    private readonly Random random;
    private readonly SpanBodies bodies;
    private readonly HttpClient client = new() { Timeout = TimeSpan.FromSeconds(10) };
    private readonly Func<Task>[] ways;

    public GarbageSender(KpiServer server, int seed)
    {
        this.server = server;
        random = new Random(seed);
        bodies = new SpanBodies(series: 40, seed);
        ways =
        [
            () => HttpAsync(Broken()),
            () => HttpAsync(Noise()),
            () => HttpAsync(Noise(), type: "application/json"),
            () => HttpAsync(Noise(), encoding: "br"),
            () => HttpAsync(Noise(), encoding: "gzip"),
            () => HttpAsync(Gzip(Broken()), encoding: "gzip"),
            () => HttpAsync(Noise(), path: "v1/nothing"),
            () => HttpAsync([], method: HttpMethod.Get),
            () => GrpcAsync(Framed(Broken())),
            () => GrpcAsync(Framed(Gzip(Broken()), flag: 1), encoding: "gzip"),
            () => GrpcAsync(Framed(Noise(), flag: 1), encoding: "gzip"),
            () => GrpcAsync(Framed(Noise(), flag: 1)),
            () => GrpcAsync(Framed(Noise(), flag: 1), encoding: "zstd"),
            () => GrpcAsync(Noise()),
            () => GrpcAsync([0, 0xFF, 0xFF, 0xFF, 0xFF, 1, 2, 3]),
            () => GrpcAsync(Framed(Noise()), path: "some.Service/Nothing"),
            () => GrpcAsync(Framed(Noise()), type: "text/plain"),
            () => PostAsync(HttpVersion.Version11, new Uri(server.OtlpHttp, "v1/traces"), new BrokenOffContent(Broken()), "application/x-protobuf"),
            () => PostAsync(HttpVersion.Version20, new Uri(server.OtlpGrpc, ExportPath), new BrokenOffContent(Framed(Broken())), "application/grpc"),
            () => RawAsync(AnyPort(), Noise()),
            () => RawAsync(AnyPort(), ClientHello),
            () => RawAsync(server.Ports.Grpc, "POST /v1/traces HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc"u8.ToArray()),
            () => RawAsync(server.Ports.Grpc, [.. Http2Preface, .. Noise()]),
            () => RawAsync(server.Ports.OtlpHttp, [.. Http2Preface, .. Noise()]),
            () => RawAsync(server.Ports.OtlpHttp, "POST /v1/traces HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-protobuf\r\nContent-Length: 100\r\n\r\nhalf"u8.ToArray()),
            () => RawAsync(server.Ports.OtlpHttp, "POST /v1/traces HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nZZZ\r\n"u8.ToArray()),
            () => RawAsync(AnyPort(), Encoding.ASCII.GetBytes($"GET / HTTP/1.1\r\nHost: a\r\nX: {new string('x', 40_000)}\r\n\r\n")),
            () => HttpAsync(Noise(), path: "hubs/status/negotiate", port: server.Ports.Http),
            () => HttpAsync(Noise(), path: "api/services", port: server.Ports.Http),
            HubAsync,
        ];
    }

    /// <summary>How much was sent so far.</summary>
    public int Sent { get; private set; }

    /// <summary>Each way once, the expensive ones too.</summary>
    public async Task SendEachAsync()
    {
        foreach (var way in ways)
        {
            await TryAsync(way);
        }

        await TryAsync(() => HttpAsync(Bomb, encoding: "gzip"));
        await TryAsync(() => GrpcAsync(Framed(Bomb, flag: 1), encoding: "gzip"));
    }

    /// <summary>One way or another until told to stop.</summary>
    public async Task SendUntilAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            await TryAsync(ways[random.Next(ways.Length)]);
        }
    }

    /// <summary>Opens connections that begin a request and never end it.</summary>
    public async Task<List<TcpClient>> HangAsync(int perPort)
    {
        var hanging = new List<TcpClient>();
        foreach (var port in new[] { server.Ports.Http, server.Ports.Grpc, server.Ports.OtlpHttp })
        {
            for (var i = 0; i < perPort; i++)
            {
                var connection = new TcpClient();
                hanging.Add(connection);
                await connection.ConnectAsync(IPAddress.Loopback, port);
                await connection.GetStream().WriteAsync(
                    port == server.Ports.Grpc ? Http2Preface.AsMemory(0, i % Http2Preface.Length)
                    : i % 2 == 0 ? "POST /v1/traces HTTP/1.1\r\nHo"u8.ToArray()
                    : "POST /v1/traces HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-protobuf\r\nContent-Length: 9999\r\n\r\nhalf"u8.ToArray());
            }
        }

        return hanging;
    }

    public void Dispose() => client.Dispose();

    private static byte[] Gzip(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
        {
            gzip.Write(bytes);
        }

        return packed.ToArray();
    }

    private static byte[] Framed(byte[] message, byte flag = 0)
    {
        byte[] length = [.. BitConverter.GetBytes(message.Length).Reverse()];
        return [flag, .. length, .. message];
    }

    private async Task TryAsync(Func<Task> way)
    {
        try
        {
            await way();
        }
        catch (Exception refused) when (refused is HttpRequestException or IOException or SocketException or WebSocketException or OperationCanceledException)
        {
            // Being refused, in whatever way, is what garbage is for.
        }

        Sent++;
    }

    private int AnyPort() => new[] { server.Ports.Http, server.Ports.Grpc, server.Ports.OtlpHttp }[random.Next(3)];

    private byte[] Noise()
    {
        var bytes = new byte[random.Next(1, 4_000)];
        random.NextBytes(bytes);
        return bytes;
    }

    /// <summary>A real body with its end cut off or some bytes changed. It may still be one, but never of the service that is counted.</summary>
    private byte[] Broken()
    {
        var body = bodies.Make(20, DateTime.UtcNow.Subtract(DateTime.UnixEpoch).Ticks * 100);
        if (random.Next(2) == 0)
        {
            return body[..random.Next(body.Length)];
        }

        for (var i = 0; i < 20; i++)
        {
            body[random.Next(body.Length)] = (byte)random.Next(256);
        }

        return body;
    }

    private async Task HttpAsync(
        byte[] body, string path = "v1/traces", string type = "application/x-protobuf", string? encoding = null, HttpMethod? method = null, int? port = null)
    {
        using var request = new HttpRequestMessage(method ?? HttpMethod.Post, $"http://127.0.0.1:{port ?? server.Ports.OtlpHttp}/{path}");
        request.Content = new ByteArrayContent(body);
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        if (encoding is not null)
        {
            request.Content.Headers.ContentEncoding.Add(encoding);
        }

        using var answer = await client.SendAsync(request);
    }

    private Task GrpcAsync(byte[] body, string path = ExportPath, string type = "application/grpc", string? encoding = null) =>
        PostAsync(HttpVersion.Version20, new Uri(server.OtlpGrpc, path), new ByteArrayContent(body), type, encoding);

    private async Task PostAsync(Version version, Uri address, HttpContent content, string type, string? grpcEncoding = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, address)
        {
            Version = version,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = content,
        };
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        if (grpcEncoding is not null)
        {
            request.Headers.Add("grpc-encoding", grpcEncoding);
        }

        using var answer = await client.SendAsync(request);
    }

    private static async Task RawAsync(int port, byte[] bytes)
    {
        using var connection = new TcpClient();
        await connection.ConnectAsync(IPAddress.Loopback, port);
        await connection.GetStream().WriteAsync(bytes);
        using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));
        await connection.GetStream().ReadAtLeastAsync(new byte[1_000], 1, throwOnEndOfStream: false, patience.Token);
    }

    private async Task HubAsync()
    {
        using var socket = new ClientWebSocket();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        await socket.ConnectAsync(new Uri($"ws://127.0.0.1:{server.Ports.Http}/hubs/status"), patience.Token);
        await socket.SendAsync(Noise(), WebSocketMessageType.Binary, endOfMessage: true, patience.Token);
        await socket.ReceiveAsync(new byte[1_000], patience.Token);
    }

    /// <summary>Sends half and then leaves.</summary>
    private sealed class BrokenOffContent(byte[] body) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync(body.AsMemory(0, body.Length / 2));
            await stream.FlushAsync();
            throw new IOException("the sender leaves");
        }

        protected override bool TryComputeLength(out long length)
        {
            length = body.Length;
            return true;
        }
    }
}
