using System.Buffers.Binary;
using System.IO.Compression;
using Kpi.Rollups.Intake;

namespace Kpi.Collector.Admission;

/// <summary>
/// Inflates what HTTP calls deflate, the zlib format, within the limits. The stream takes a body that is cut off for whole; the
/// checksum at its end tells.
/// </summary>
/// <remarks>Source: RFC 9110, 8.4.1.2; RFC 1950.</remarks>
internal static class DeflateBody
{
    private const int ChecksumBytes = 4;
    private const uint Modulus = 65_521;

    // The most additions before the sums no longer fit into 32 bits; RFC 1950's own code has it too.
    private const int MostUnreduced = 5_552;

    /// <summary>Inflates into a buffer, or says why not. An empty body is an empty message.</summary>
    public static RejectReason? Inflate(ReadOnlyMemory<byte> compressed, BodyBuffer into)
    {
        if (compressed.IsEmpty)
        {
            return null;
        }

        if (compressed.Length < ChecksumBytes)
        {
            return RejectReason.BadCompression;
        }

        try
        {
            using var bytes = new MemoryBytes(compressed);
            using var zlib = new ZLibStream(bytes, CompressionMode.Decompress);
            var refused = into.Append(zlib);
            var told = BinaryPrimitives.ReadUInt32BigEndian(compressed.Span[^ChecksumBytes..]);
            return refused ?? (told == Adler32(into.Written.Span) ? null : RejectReason.BadCompression);
        }
        catch (Exception damage) when (damage is InvalidDataException or IOException)
        {
            // The latter when the head asks for a dictionary, which nobody has agreed on.
            return RejectReason.BadCompression;
        }
    }

    private static uint Adler32(ReadOnlySpan<byte> bytes)
    {
        uint a = 1, b = 0;
        while (!bytes.IsEmpty)
        {
            var some = bytes[..Math.Min(bytes.Length, MostUnreduced)];
            foreach (var one in some)
            {
                a += one;
                b += a;
            }

            a %= Modulus;
            b %= Modulus;
            bytes = bytes[some.Length..];
        }

        return (b << 16) | a;
    }
}
