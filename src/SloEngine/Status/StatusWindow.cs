using System.Globalization;

namespace Kpi.SloEngine.Status;

/// <summary>A trailing window that can be asked for, and the step of its lines.</summary>
/// <param name="Name">As asked for: <c>5m</c>.</param>
/// <param name="Length">Its length, 10 s to 24 h.</param>
/// <param name="SlicesPerStep">Slices of 10 s in a step of its lines; a line has at most 144 points.</param>
public sealed record StatusWindow(string Name, TimeSpan Length, int SlicesPerStep)
{
    private static readonly TimeSpan Longest = TimeSpan.FromHours(24);

    /// <summary>Windows that the page shows: evaluated live while somebody watches.</summary>
    public static IReadOnlyList<StatusWindow> Live { get; } =
        [new("5m", TimeSpan.FromMinutes(5), 1), new("1h", TimeSpan.FromHours(1), 6), new("24h", Longest, 90)];

    /// <summary>A window by name: a number of seconds, minutes or hours, 10 s to 24 h. Null, with a reason, for anything else.</summary>
    public static StatusWindow? Parse(string name, out string? problem)
    {
        problem = null;
        if (Live.FirstOrDefault(w => w.Name == name) is { } live)
        {
            return live;
        }

        if (name is "7d" or "30d" or "month")
        {
            problem = $"window '{name}' is not kept yet: this version keeps 10 s slices and answers for windows up to 24h";
            return null;
        }

        var unit = name.Length > 1 ? name[^1] : ' ';
        var seconds = unit switch { 's' => 1, 'm' => 60, 'h' => 3600, _ => 0 };
        if (seconds == 0 || !int.TryParse(name.AsSpan(0, name.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            || (long)number * seconds is < 10 or > 86_400)
        {
            problem = $"window '{name}' is none of 5m, 1h, 24h, nor another number of s, m or h from 10s to 24h";
            return null;
        }

        var length = TimeSpan.FromSeconds((long)number * seconds);
        return new StatusWindow(name, length, Math.Max(1, (int)Math.Ceiling(length / TimeSpan.FromSeconds(10) / 144)));
    }
}
