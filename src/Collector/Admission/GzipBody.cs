using System.IO.Compression;

namespace Kpi.Collector.Admission;

/// <summary>Inflates gzip bodies within the limits; bytes are counted while they come out, so a bomb stops at the limit.</summary>
internal static class GzipBody
{
    /// <summary>Null when the body does not inflate to its end.</summary>
    public static BufferFull? Inflate(ArraySegment<byte> compressed, BodyBuffer into)
    {
        try
        {
            using var bytes = new MemoryStream(compressed.Array!, compressed.Offset, compressed.Count, writable: false);
            using var gzip = new GZipStream(bytes, CompressionMode.Decompress);
            return into.Append(gzip);
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }
}
