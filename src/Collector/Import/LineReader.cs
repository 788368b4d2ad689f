namespace Kpi.Collector.Import;

/// <summary>
/// Cuts JSON into bodies: one a line, as the OpenTelemetry Collector's file exporter writes them; blank lines are passed over. A content
/// whose first line is not closed is one body, written over many lines.
/// </summary>
internal sealed class LineReader
{
    private const int FirstRoom = 64 << 10;

    private readonly Stream content;
    private readonly int mostBytes;

    // Grows with the bytes that come: a line, or a body over many of them.
    private byte[] room = new byte[FirstRoom];
    private int start;
    private int filled;
    private bool ended;

    /// <param name="content">What is to be read.</param>
    /// <param name="begin">What was read of it already.</param>
    /// <param name="mostBytes">Bytes of a body at most.</param>
    public LineReader(Stream content, ReadOnlySpan<byte> begin, int mostBytes)
    {
        this.content = content;
        this.mostBytes = mostBytes;
        begin.CopyTo(room);
        filled = begin.Length;
    }

    /// <summary>Bytes of the content up to the end of the last body.</summary>
    public long Position { get; private set; }

    /// <summary>The line of the last body, from 1.</summary>
    public long Line { get; private set; }

    /// <summary>The next body, valid until the next call; false at the end.</summary>
    /// <exception cref="InvalidDataException">It is too long.</exception>
    public bool TryRead(out ReadOnlyMemory<byte> body)
    {
        while (TryReadLine(out body))
        {
            var text = body.Span.Trim(" \t\r\n"u8);
            if (Line == 1 && !text.IsEmpty && text[^1] != '}' && !BeginsObject())
            {
                body = ReadWhole();
                return true;
            }

            if (!text.IsEmpty)
            {
                return true;
            }
        }

        return false;
    }

    // The first line has just been read and must stay.
    private bool BeginsObject()
    {
        var line = (int)Position;
        start -= line;
        if (start + line == filled && !ended)
        {
            Fill();
        }

        start += line;
        return start < filled && room[start] == '{';
    }

    private bool TryReadLine(out ReadOnlyMemory<byte> line)
    {
        var scanned = start;
        int end;
        while ((end = room.AsSpan(scanned, filled - scanned).IndexOf((byte)'\n')) < 0 && !ended)
        {
            var seen = filled - start;
            Fill();
            scanned = start + seen;
        }

        var length = end < 0 ? filled - start : scanned + end + 1 - start;
        line = room.AsMemory(start, length);
        if (length > mostBytes + 1)
        {
            throw TooLong();
        }

        start += length;
        Position += length;
        Line += length > 0 ? 1 : 0;
        return length > 0;
    }

    private Memory<byte> ReadWhole()
    {
        start -= (int)Position;
        Position = 0;
        while (!ended)
        {
            Fill();
        }

        var body = room.AsMemory(start, filled - start);
        start = filled;
        Position += body.Length;
        return body;
    }

    private void Fill()
    {
        if (start > 0)
        {
            room.AsSpan(start, filled - start).CopyTo(room);
            (filled, start) = (filled - start, 0);
        }

        if (filled > mostBytes + 1)
        {
            throw TooLong();
        }

        if (filled == room.Length)
        {
            Array.Resize(ref room, (int)Math.Min((long)room.Length * 2, Math.Max(mostBytes + 2L, FirstRoom)));
        }

        var got = content.Read(room.AsSpan(filled));
        filled += got;
        ended = got == 0;
    }

    private InvalidDataException TooLong() =>
        new($"line {Line + 1} has more than {mostBytes} bytes, which is the limit of requests too (Kpi:Collector:MaxRequestBytes)");
}
