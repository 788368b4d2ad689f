namespace Kpi.Collector.Admission;

/// <summary>A body and what stands behind it, as a stream that is read once.</summary>
internal sealed class MemoryBytes(ReadOnlyMemory<byte> body, ReadOnlyMemory<byte> behind = default) : Stream
{
    private ReadOnlyMemory<byte> left = body;
    private ReadOnlyMemory<byte> next = behind;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer)
    {
        if (left.IsEmpty)
        {
            (left, next) = (next, default);
        }

        var read = Math.Min(buffer.Length, left.Length);
        left.Span[..read].CopyTo(buffer);
        left = left[read..];
        return read;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
