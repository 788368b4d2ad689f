using System.Buffers;

namespace Kpi.Collector.Doors;

/// <summary>An origin that may send from a browser: <c>https://app.example.com</c>, <c>https://*.example.com</c>, <c>http://localhost:*</c> or <c>*</c>.</summary>
internal sealed class OriginPattern
{
    private static readonly SearchValues<char> HostCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-.");

    private readonly string before;

    // Null: no star, the origin is the whole of `before`.
    private readonly string? after;

    /// <summary>Whether it is the star alone, for every origin.</summary>
    public bool IsAny => before.Length == 0;

    private OriginPattern(string before, string? after)
    {
        this.before = before;
        this.after = after;
    }

    /// <summary>Null when the text is none.</summary>
    public static OriginPattern? Parse(string text)
    {
        if (text == "*")
        {
            return new OriginPattern("", "");
        }

        // With the star filled in it must be an origin as browsers write it: scheme, host, perhaps a port, nothing behind.
        var star = text.IndexOf('*', StringComparison.Ordinal);
        var filled = star < 0 ? text : text.Replace("*", "1", StringComparison.Ordinal);
        var scheme = text.IndexOf("://", StringComparison.Ordinal);
        var isOrigin = Uri.TryCreate(filled, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
            && filled.IndexOfAny(['/', '?', '#', '@', ' '], scheme + 3) < 0;
        return !isOrigin || star != text.LastIndexOf('*') ? null
            : star < 0 ? new OriginPattern(text, null)
            : new OriginPattern(text[..star], text[(star + 1)..]);
    }

    public bool Matches(string origin)
    {
        if (after is null)
        {
            return origin.Equals(before, StringComparison.OrdinalIgnoreCase);
        }

        if (IsAny)
        {
            return true;
        }

        // The star stands for a part of a host's name or for a port, never for what would end them.
        var inside = origin.Length - before.Length - after.Length;
        return inside > 0
            && origin.StartsWith(before, StringComparison.OrdinalIgnoreCase)
            && origin.EndsWith(after, StringComparison.OrdinalIgnoreCase)
            && !origin.AsSpan(before.Length, inside).ContainsAnyExcept(HostCharacters);
    }
}
