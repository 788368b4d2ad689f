using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Kpi.Collector.Doors;

/// <summary>
/// The tokens of a file, as SHA-256 digests; the tokens themselves are not kept and stand in no message. One token per line, a name
/// and a colon may stand in front, lines that begin with # are comments.
/// </summary>
internal sealed class TokenBook
{
    public const int MostTokens = 1_000;
    public const int ShortestToken = 16;
    public const int LongestToken = 512;
    private const int LongestName = 64;

    // RFC 6750's b64token and what generators of passwords add to it; no blank and no colon, which end a name.
    private static readonly SearchValues<char> TokenCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~+/=!$%&*@^");

    private static readonly SearchValues<char> NameCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._");

    private readonly List<Entry> entries = [];

    private TokenBook()
    {
    }

    public int Count => entries.Count;

    /// <exception cref="InvalidDataException">A line is wrong, or there is no token; says which line and what, without the token.</exception>
    public static TokenBook Parse(ReadOnlySpan<byte> file)
    {
        var book = new TokenBook();
        var number = 0;
        foreach (var line in Encoding.UTF8.GetString(file).Split('\n'))
        {
            number++;
            var text = line.Trim().TrimStart('\uFEFF');
            if (text.Length > 0 && text[0] != '#' && book.Add(text) is { } wrong)
            {
                throw new InvalidDataException($"line {number}: {wrong}");
            }
        }

        return book.Count > 0 ? book : throw new InvalidDataException("there is no token in it; a token is a line of its own");
    }

    /// <summary>Whose token it is; null when nobody's. Takes the same time whichever of the digests is equal, or none.</summary>
    public Sender? Find(ReadOnlySpan<char> token)
    {
        if (token.Length > LongestToken)
        {
            return null;
        }

        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        Digest(token, digest);
        Sender? found = null;
        foreach (var entry in entries)
        {
            found = CryptographicOperations.FixedTimeEquals(entry.Digest, digest) ? entry.Sender : found;
        }

        return found;
    }

    private static void Digest(ReadOnlySpan<char> token, Span<byte> digest)
    {
        Span<byte> bytes = stackalloc byte[Encoding.UTF8.GetMaxByteCount(LongestToken)];
        var length = Encoding.UTF8.GetBytes(token, bytes);
        SHA256.HashData(bytes[..length], digest);
        CryptographicOperations.ZeroMemory(bytes);
    }

    private string? Add(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var name = colon < 0 ? null : text[..colon].Trim();
        var token = text.AsSpan(colon + 1).Trim();
        if (name is not null && (name.Length is 0 or > LongestName || name.AsSpan().ContainsAnyExcept(NameCharacters)))
        {
            return $"what stands before the colon is no name: 1 to {LongestName} letters, digits, '-', '.' or '_'";
        }

        if (token.Length is < ShortestToken or > LongestToken)
        {
            return $"the token has {token.Length} characters; it must have {ShortestToken} to {LongestToken}";
        }

        if (token.ContainsAnyExcept(TokenCharacters))
        {
            return "the token has a character other than letters, digits and -._~+/=!$%&*@^";
        }

        var digest = new byte[SHA256.HashSizeInBytes];
        Digest(token, digest);
        if (entries.Exists(e => e.Digest.AsSpan().SequenceEqual(digest)))
        {
            return "the token stands in an earlier line already";
        }

        entries.Add(new Entry(digest, new Sender(name, BinaryPrimitives.ReadUInt128LittleEndian(digest))));
        return entries.Count > MostTokens ? $"more than {MostTokens} tokens" : null;
    }

    private sealed record Entry(byte[] Digest, Sender Sender);
}
