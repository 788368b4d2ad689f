using System.Buffers.Binary;

namespace Kpi.Collector.Import;

/// <summary>
/// Cuts a file's content into bodies. There are three forms, told by the first byte: a body as a whole, which begins with the tag of
/// field 1; what the OpenTelemetry Collector's file exporter writes with <c>format: proto</c>: before each body its length in 4
/// bytes, big-endian; and JSON, <see cref="LineReader"/>. No body begins with a byte below 8 (there is no field 0), and no length we
/// take with one of 8 or more.
/// </summary>
/// <remarks>Source: opentelemetry-collector-contrib, exporter/fileexporter/file_writer.go, <c>exportMessageAsBuffer</c>.</remarks>
internal sealed class BodyReader(Stream content, int mostBytes)
{
    private const int LengthBytes = 4;
    private const int FirstRoom = 64 << 10;
    private const byte FirstTag = (1 << 3) | 2;
    private const byte LowestTag = 1 << 3;
    private const byte FirstOfByteOrderMark = 0xEF;

    // Grows with the bytes that come, never by what a length announces.
    private byte[] room = new byte[FirstRoom];
    private LineReader? lines;
    private long position;
    private bool begun;
    private bool ended;

    /// <summary>Bytes of the content up to the end of the last body.</summary>
    public long Position => lines?.Position ?? position;

    /// <summary>The line of the last body; null when the content is not JSON.</summary>
    public long? Line => lines?.Line;

    /// <summary>The next body, valid until the next call; false at the end.</summary>
    /// <exception cref="InvalidDataException">What comes at <see cref="Position"/> is none.</exception>
    public bool TryRead(out ReadOnlyMemory<byte> body)
    {
        if (lines is not null)
        {
            return lines.TryRead(out body);
        }

        body = default;
        var head = ended ? 0 : Fill(0, LengthBytes);
        if (head == 0)
        {
            return false;
        }

        if (!begun && room[0] is (byte)'{' or (byte)' ' or (byte)'\t' or (byte)'\r' or FirstOfByteOrderMark)
        {
            lines = new LineReader(content, room.AsSpan(0, head), mostBytes);
            return lines.TryRead(out body);
        }

        if (!begun && room[0] >= LowestTag)
        {
            body = ReadWhole(head);
        }
        else
        {
            body = ReadDelimited(head);
        }

        begun = true;
        return true;
    }

    private ReadOnlyMemory<byte> ReadWhole(int head)
    {
        Expect(0, head);
        var length = Fill(head, mostBytes);
        Span<byte> further = stackalloc byte[1];
        if (length == mostBytes && content.Read(further) > 0)
        {
            throw new InvalidDataException(
                $"a body of more than {mostBytes} bytes, which is the limit of requests too (Kpi:Collector:MaxRequestBytes)");
        }

        ended = true;
        position += length;
        return room.AsMemory(0, length);
    }

    private ReadOnlyMemory<byte> ReadDelimited(int head)
    {
        if (head < LengthBytes)
        {
            throw new InvalidDataException($"cut short: {head} of the {LengthBytes} bytes of a length");
        }

        var announced = BinaryPrimitives.ReadUInt32BigEndian(room);
        if (announced == 0 || announced > mostBytes)
        {
            throw new InvalidDataException($"a length of {announced} bytes, where 1 to {mostBytes} may be (Kpi:Collector:MaxRequestBytes)");
        }

        var length = Fill(0, (int)announced);
        if (length < announced)
        {
            throw new InvalidDataException($"cut short: {length} of a body's {announced} bytes; what is before this byte is whole");
        }

        Expect(0, length);
        position += LengthBytes + length;
        return room.AsMemory(0, length);
    }

    /// <summary>Fills the room from one byte up to another, or as far as the content goes; says up to where.</summary>
    private int Fill(int from, int to)
    {
        while (from < to)
        {
            if (from == room.Length)
            {
                Array.Resize(ref room, (int)Math.Min((long)room.Length * 2, Math.Max(to, FirstRoom)));
            }

            var got = content.Read(room.AsSpan(from, Math.Min(to, room.Length) - from));
            if (got == 0)
            {
                break;
            }

            from += got;
        }

        return from;
    }

    private void Expect(int from, int to)
    {
        if (room[from] != FirstTag)
        {
            throw new InvalidDataException(Guess(room.AsSpan(from, to - from)));
        }
    }

    private static string Guess(ReadOnlySpan<byte> found) => found switch
    {
        [(byte)'[', ..] => "a JSON array; what is imported is one request a line, each an object",
        [(byte)'{', ..] => "JSON behind a length; what is imported is one request a line",
        [0x28, 0xB5, 0x2F, 0xFD, ..] => "compressed by zstd; write the file without compression, or compress it by gzip",
        _ => "neither an OTLP protobuf body nor a length of 4 bytes before one",
    };
}
