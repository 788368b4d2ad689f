using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Kpi.Tests.Collector.Grpc;

/// <summary>A frame of HTTP/2. Source: RFC 9113, section 4.1.</summary>
internal sealed record Http2Frame(byte Type, byte Flags, int Stream, byte[] Payload)
{
    public const byte DataType = 0;
    public const byte HeadersType = 1;
    public const byte ResetType = 3;
    public const byte SettingsType = 4;
    public const byte PingType = 6;
    public const byte GoAwayType = 7;

    public const byte EndStream = 1;
    public const byte Ack = 1;
    public const byte EndHeaders = 4;

    public uint ErrorCode => BinaryPrimitives.ReadUInt32BigEndian(Payload);
}

/// <summary>A sender of single HTTP/2 frames, for what no client library does. Reads frames as they come; headers stay packed.</summary>
internal sealed class RawHttp2 : IAsyncDisposable
{
    private const int HeadBytes = 9;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly TcpClient connection;
    private readonly NetworkStream stream;

    private RawHttp2(TcpClient connection)
    {
        this.connection = connection;
        stream = connection.GetStream();
    }

    public static async Task<RawHttp2> ConnectAsync(IPEndPoint server)
    {
        var connection = new TcpClient { NoDelay = true };
        await connection.ConnectAsync(server);
        var raw = new RawHttp2(connection);
        await raw.stream.WriteAsync("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8.ToArray());
        await raw.SendAsync(new Http2Frame(Http2Frame.SettingsType, 0, 0, []));
        return raw;
    }

    public async Task SendAsync(Http2Frame frame)
    {
        var bytes = new byte[HeadBytes + frame.Payload.Length];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, (uint)frame.Payload.Length << 8);
        bytes[3] = frame.Type;
        bytes[4] = frame.Flags;
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(5), frame.Stream);
        frame.Payload.CopyTo(bytes, HeadBytes);
        await stream.WriteAsync(bytes);
    }

    /// <summary>The head of a gRPC call, its body to follow.</summary>
    public Task CallAsync(int stream, string path)
    {
        var block = new MemoryStream();
        foreach (var (name, value) in new[]
        {
            (":method", "POST"), (":scheme", "http"), (":path", path), (":authority", "kpi"),
            ("content-type", "application/grpc"), ("te", "trailers"),
        })
        {
            // RFC 7541, 6.2.2: a literal without indexing and with a new name.
            block.WriteByte(0);
            Write(block, name);
            Write(block, value);
        }

        return SendAsync(new Http2Frame(Http2Frame.HeadersType, Http2Frame.EndHeaders, stream, block.ToArray()));
    }

    /// <summary>The next frame that is wanted, past all others; fails when the server closes or says goodbye first.</summary>
    public async Task<Http2Frame> NextAsync(Func<Http2Frame, bool> wanted)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (true)
        {
            var head = new byte[HeadBytes];
            await stream.ReadExactlyAsync(head, limit.Token);
            var payload = new byte[BinaryPrimitives.ReadUInt32BigEndian(head) >> 8];
            await stream.ReadExactlyAsync(payload, limit.Token);
            var frame = new Http2Frame(head[3], head[4], BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(5)), payload);
            if (wanted(frame))
            {
                return frame;
            }

            Assert.True(frame.Type != Http2Frame.GoAwayType, "the server said goodbye");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stream.DisposeAsync();
        connection.Dispose();
    }

    private static void Write(MemoryStream block, string text)
    {
        block.WriteByte((byte)text.Length);
        block.Write(Encoding.ASCII.GetBytes(text));
    }
}
