using System.IO.Compression;
using Kpi.Rollups.Intake;

namespace Kpi.Collector.Admission;

/// <summary>Inflates gzip bodies within the limits; bytes are counted while they come out, so a bomb stops at the limit.</summary>
internal static class GzipBody
{
    // Behind every body: GZipStream takes a body whose trailer is cut off for whole; with more bytes behind, it finds that the
    // checksum is wrong.
    private static readonly byte[] EmptyMember = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0];

    /// <summary>Inflates into a buffer, or says why not.</summary>
    public static RejectReason? Inflate(ReadOnlyMemory<byte> compressed, BodyBuffer into)
    {
        try
        {
            using var bytes = new MemoryBytes(compressed, EmptyMember);
            using var gzip = new GZipStream(bytes, CompressionMode.Decompress);
            return into.Append(gzip);
        }
        catch (InvalidDataException)
        {
            return RejectReason.BadCompression;
        }
    }
}
