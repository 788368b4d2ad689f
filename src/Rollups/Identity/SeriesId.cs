using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Kpi.Rollups.Identity;

/// <summary>
/// The stable identity of a series: the first 128 bits of SHA-256 over its sorted labels, each name and value as UTF-8
/// behind its length in 4 bytes. The same on every machine and in every version; computed once, when a series is first seen.
/// </summary>
public readonly record struct SeriesId(UInt128 Value)
{
    /// <summary>The identity of a label set.</summary>
    public static SeriesId Of(Labels labels)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (name, value) in labels)
        {
            Append(hash, name);
            Append(hash, value);
        }

        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        hash.GetHashAndReset(digest);
        return new SeriesId(BinaryPrimitives.ReadUInt128BigEndian(digest));
    }

    /// <summary>The identity as 32 hexadecimal digits.</summary>
    public override string ToString() => Value.ToString("x32", null);

    private static void Append(IncrementalHash hash, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, bytes.Length);
        hash.AppendData(length);
        hash.AppendData(bytes);
    }
}
