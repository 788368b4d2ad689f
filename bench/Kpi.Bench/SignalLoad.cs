using System.Buffers.Binary;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;

namespace Kpi.Bench;

/// <summary>Sends the bodies of several senders at once, each one after the other.</summary>
internal sealed class SignalLoad : IDisposable
{
    private const int FrameBytes = 5;

    private readonly HttpClient client;
    private readonly SignalBodies[] senders;
    private readonly Queue<ByteArrayContent>[] prepared;
    private readonly bool grpc;
    private readonly bool gzip;

    /// <param name="kind">Makes the bodies of a sender.</param>
    /// <param name="inFlight">How many send at once.</param>
    public SignalLoad(Func<int, SignalBodies> kind, bool grpc, bool gzip, int inFlight, int port)
    {
        this.grpc = grpc;
        this.gzip = gzip;
        senders = [.. Enumerable.Range(0, inFlight).Select(kind)];
        prepared = [.. senders.Select(_ => new Queue<ByteArrayContent>())];
        client = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = grpc ? 1 : inFlight, InitialHttp2StreamWindowSize = 1 << 20 })
        {
            BaseAddress = new Uri($"http://127.0.0.1:{port}"),
        };
    }

    /// <summary>Makes bodies beforehand, so that sending them takes as little of the machine as can be.</summary>
    public void Prepare(int bodies)
    {
        for (var i = 0; i < bodies; i++)
        {
            var body = senders[i % senders.Length].Next();
            prepared[i % senders.Length].Enqueue(ContentOf(gzip ? Gzip(body) : body));
        }
    }

    /// <summary>Sends what was prepared, each sender its own.</summary>
    public Task SendAsync() => Task.WhenAll(senders.Select((sender, i) => Task.Run(async () =>
    {
        while (prepared[i].TryDequeue(out var body))
        {
            await PostAsync(sender, body);
        }
    })));

    public void Dispose() => client.Dispose();

    private async Task PostAsync(SignalBodies sender, ByteArrayContent body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, grpc ? $"/opentelemetry.proto.collector.{sender.Service}/Export" : sender.Path)
        {
            Content = body,
            Version = grpc ? HttpVersion.Version20 : HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        if (grpc)
        {
            request.Headers.TE.Add(new TransferCodingWithQualityHeaderValue("trailers"));
            request.Headers.TryAddWithoutValidation("grpc-encoding", gzip ? "gzip" : "identity");
        }

        using var answer = await client.SendAsync(request);
        var bytes = await answer.Content.ReadAsByteArrayAsync();
        if (!answer.IsSuccessStatusCode || bytes.Length > FrameBytes || (grpc && answer.TrailingHeaders.GetValues("grpc-status").Single() != "0"))
        {
            throw new InvalidOperationException($"a body was not taken whole: {answer} {System.Text.Encoding.UTF8.GetString(bytes)}");
        }
    }

    private ByteArrayContent ContentOf(byte[] body)
    {
        if (grpc)
        {
            var frame = new byte[FrameBytes + body.Length];
            frame[0] = gzip ? (byte)1 : (byte)0;
            BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), body.Length);
            body.CopyTo(frame, FrameBytes);
            body = frame;
        }

        var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue(grpc ? "application/grpc" : "application/x-protobuf");
        if (gzip && !grpc)
        {
            content.Headers.ContentEncoding.Add("gzip");
        }

        return content;
    }

    private static byte[] Gzip(byte[] message)
    {
        var packed = new MemoryStream();
        using (var stream = new GZipStream(packed, CompressionLevel.Fastest))
        {
            stream.Write(message);
        }

        return packed.ToArray();
    }
}
