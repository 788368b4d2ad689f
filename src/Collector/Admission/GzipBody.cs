using System.IO.Compression;
using Kpi.Rollups.Intake;

namespace Kpi.Collector.Admission;

/// <summary>Inflates gzip bodies within the limits; bytes are counted while they come out, so a bomb stops at the limit.</summary>
internal static class GzipBody
{
    /// <summary>Inflates into a buffer, or says why not.</summary>
    public static RejectReason? Inflate(ReadOnlyMemory<byte> compressed, BodyBuffer into)
    {
        try
        {
            using var bytes = new GzipMembers(compressed);
            using var gzip = new GZipStream(bytes, CompressionMode.Decompress);
            return into.Append(gzip);
        }
        catch (InvalidDataException)
        {
            return RejectReason.BadCompression;
        }
    }

    /// <summary>
    /// The body and an empty member behind it. GZipStream takes a body whose trailer is cut off for whole; with more bytes behind,
    /// it finds that the checksum is wrong.
    /// </summary>
    private sealed class GzipMembers(ReadOnlyMemory<byte> body) : Stream
    {
        private static readonly byte[] EmptyMember = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0];

        private ReadOnlyMemory<byte> left = body;
        private bool atEmptyMember;

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
            if (left.IsEmpty && !atEmptyMember)
            {
                atEmptyMember = true;
                left = EmptyMember;
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
}
