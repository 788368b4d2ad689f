using System.Globalization;
using Kpi.SloEngine.Kpis;

namespace Kpi.SloEngine.Definitions;

/// <summary>
/// How a target is written: <c>200ms</c>, <c>1.5s</c>, <c>15min</c>, <c>1h</c>; <c>99.9%</c>; <c>$2.50</c>. Worked out in decimal, so that
/// 200 ms is the double nearest to 0.2 and 99.9 % the one nearest to 0.999.
/// </summary>
internal static class TargetFormat
{
    /// <summary>About 11 years: longer than any window; keeps decimal arithmetic far from its end.</summary>
    private const decimal MaxSeconds = 100_000m * 3600m;

    private const decimal MaxDollars = 1_000_000_000m;

    private static readonly (string Suffix, decimal Seconds)[] Durations = [("ms", 0.001m), ("min", 60m), ("s", 1m), ("h", 3600m)];

    /// <summary>The target in <paramref name="unit"/>, or what is wrong with the text.</summary>
    public static (double Value, string? Problem) Parse(string text, string unit) => unit switch
    {
        KpiUnits.Seconds => Duration(text),
        KpiUnits.Dollars => Money(text),
        _ => Percentage(text),
    };

    private static (double, string?) Duration(string text)
    {
        foreach (var (suffix, seconds) in Durations)
        {
            if (text.EndsWith(suffix, StringComparison.Ordinal) && Number(text[..^suffix.Length]) is { } number)
            {
                return number <= 0 ? (0, $"a duration is longer than zero, found '{text}'")
                    : number > MaxSeconds / seconds ? (0, $"a duration is at most 100,000 h, found '{text}'")
                    : ((double)(number * seconds), null);
            }
        }

        return (0, $"a duration is a number with ms, s, min or h, such as 200ms; found '{text}'");
    }

    private static (double, string?) Percentage(string text)
    {
        if (!text.EndsWith('%') || Number(text[..^1]) is not { } number)
        {
            return (0, $"a ratio is written as a percentage such as 99.9%; found '{text}'");
        }

        return number is <= 0 or >= 100
            ? (0, $"a percentage lies between 0% and 100%, both excluded; found '{text}'")
            : ((double)(number / 100), null);
    }

    private static (double, string?) Money(string text)
    {
        if (!text.StartsWith('$') || Number(text[1..]) is not { } number)
        {
            return (0, $"money is written as dollars such as $2.50; found '{text}'");
        }

        return number is <= 0 or > MaxDollars
            ? (0, $"money is more than $0 and at most $1,000,000,000; found '{text}'")
            : ((double)number, null);
    }

    private static decimal? Number(string text)
    {
        const NumberStyles Style = NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign | NumberStyles.AllowTrailingWhite;
        return decimal.TryParse(text, Style, CultureInfo.InvariantCulture, out var number) ? number : null;
    }
}
