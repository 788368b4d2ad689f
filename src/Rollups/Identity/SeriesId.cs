using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Kpi.Rollups.Identity;

/// <summary>
/// The stable identity of a series: the first 128 bits of SHA-256 over its sorted labels, each name and value as UTF-8
/// behind its length in 4 bytes; then, for a counter, 4 bytes of ones and the kind's number in 4, as a counter and a distribution
/// may bear the same labels. The same on every machine and in every version; computed once, when a series is first seen.
/// </summary>
public readonly record struct SeriesId(UInt128 Value)
{
    // No length of a name, which stands where this does.
    private const int KindFollows = -1;

    /// <summary>The identity of a label set of one kind of series.</summary>
    public static SeriesId Of(SeriesKind kind, Labels labels)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (name, value) in labels)
        {
            Append(hash, name);
            Append(hash, value);
        }

        if (kind != SeriesKind.Distribution)
        {
            Append(hash, KindFollows);
            Append(hash, (int)kind);
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
        Append(hash, bytes.Length);
        hash.AppendData(bytes);
    }

    private static void Append(IncrementalHash hash, int number)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, number);
        hash.AppendData(bytes);
    }
}
