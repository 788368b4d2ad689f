using System.Globalization;

namespace Kpi.Collector.Journal;

/// <summary>Names of the journal's files: segments by the position they begin at, in hexadecimal, and spare ones to be used again.</summary>
internal static class SegmentName
{
    public const string Suffix = ".journal";

    public const string TakenSuffix = ".taken";

    private const string SparePrefix = "spare-";

    public static bool IsOurs(string name) =>
        name.EndsWith(Suffix, StringComparison.Ordinal) || name.EndsWith(TakenSuffix, StringComparison.Ordinal);

    /// <summary>What is still known of a segment's bodies when the segment itself is gone.</summary>
    public static string OfTaken(long first) => first.ToString("x16", CultureInfo.InvariantCulture) + TakenSuffix;

    public static bool IsTaken(string name) => name.EndsWith(TakenSuffix, StringComparison.Ordinal);

    public static string Of(long first) => first.ToString("x16", CultureInfo.InvariantCulture) + Suffix;

    public static string OfSpare(long number) => SparePrefix + number.ToString(CultureInfo.InvariantCulture) + Suffix;

    public static bool IsSpare(string name) => name.StartsWith(SparePrefix, StringComparison.Ordinal);

    /// <summary>The position in a segment's name; null for spare ones and foreign files.</summary>
    public static long? FirstOf(string name) =>
        name.EndsWith(Suffix, StringComparison.Ordinal)
        && long.TryParse(name.AsSpan(0, name.Length - Suffix.Length), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var first)
        && first >= 0
            ? first
            : null;
}
