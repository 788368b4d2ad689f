using System.Globalization;

namespace Kpi.Program.Serve;

/// <summary>Durations of options, as Prometheus writes them: a whole number of ms, s, m or h; 0 needs no unit.</summary>
internal static class DurationFormat
{
    private static readonly (string Unit, TimeSpan Length)[] Units =
    [
        ("ms", TimeSpan.FromMilliseconds(1)), ("s", TimeSpan.FromSeconds(1)), ("m", TimeSpan.FromMinutes(1)), ("h", TimeSpan.FromHours(1)),
    ];

    public static bool TryParse(string text, out TimeSpan duration)
    {
        duration = TimeSpan.Zero;
        if (text == "0")
        {
            return true;
        }

        foreach (var (unit, length) in Units)
        {
            if (text.EndsWith(unit, StringComparison.Ordinal)
                && uint.TryParse(text.AsSpan(0, text.Length - unit.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                && number <= TimeSpan.MaxValue / length)
            {
                duration = number * length;
                return true;
            }
        }

        return false;
    }
}
