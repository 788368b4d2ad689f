using System.Security.Cryptography;

namespace Kpi.Collector.Import;

/// <summary>
/// The bytes of a file as they lie on disk, digested and counted on their way. Behind a compressed file it adds an empty gzip
/// member: a decompressor takes a file whose end is cut off for whole unless there is more, and only one that stands between two
/// members asks for it.
/// </summary>
internal sealed class SourceBytes(Stream file, bool compressed, Action<long>? read) : Stream
{
    private static readonly byte[] EmptyMember = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0];

    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private ReadOnlyMemory<byte> behind = compressed ? EmptyMember : default;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Whether everything was asked for, the member behind the file too.</summary>
    public bool AtEnd { get; private set; }

    /// <summary>SHA-256 of what was read; then it begins anew.</summary>
    public byte[] TakeDigest() => hash.GetHashAndReset();

    public override int Read(Span<byte> buffer)
    {
        var got = file.Read(buffer);
        if (got > 0)
        {
            hash.AppendData(buffer[..got]);
            read?.Invoke(got);
            return got;
        }

        got = Math.Min(buffer.Length, behind.Length);
        behind.Span[..got].CopyTo(buffer);
        behind = behind[got..];
        AtEnd |= behind.IsEmpty;
        return got;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            hash.Dispose();
            file.Dispose();
        }

        base.Dispose(disposing);
    }
}
