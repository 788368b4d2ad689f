using System.Globalization;
using Kpi.Rollups.Store;
using Kpi.Rollups.Time;

namespace Kpi.SloEngine.Status;

/// <summary>A window that can be asked for: the time up to the next 10 s edge, from some length ago or from the month's begin.</summary>
/// <param name="Name">As asked for: <c>5m</c>, <c>month</c>.</param>
public abstract record StatusWindow(string Name)
{
    private const string MonthName = "month";
    private const int MostSeconds = 30 * 86_400;

    /// <summary>Windows that the page shows: evaluated live while somebody watches.</summary>
    public static IReadOnlyList<StatusWindow> Live { get; } =
    [
        new TrailingWindow("5m", TimeSpan.FromMinutes(5)),
        new TrailingWindow("1h", TimeSpan.FromHours(1)),
        new TrailingWindow("24h", TimeSpan.FromHours(24)),
        new TrailingWindow("7d", TimeSpan.FromDays(7)),
        new TrailingWindow("30d", TimeSpan.FromDays(30)),
        new MonthWindow(MonthName, TimeZoneInfo.Utc),
    ];

    /// <summary>Evaluated at most a fifth of the time while watched, however quick: nobody sees a month move within a second.</summary>
    internal virtual bool IsLong => true;

    /// <summary>The window as it is now.</summary>
    internal abstract WindowFrame At(UnixNanos now);

    /// <summary>
    /// A window by name: <c>month</c>, or a number of seconds, minutes, hours or days, 10 s to 30 d. Null, with a reason, for anything else.
    /// </summary>
    /// <param name="name">The name.</param>
    /// <param name="zone">IANA id of the time zone in which days and months begin; UTC when null. Trailing windows have no days.</param>
    /// <param name="problem">What is wrong, and what would be right.</param>
    public static StatusWindow? Parse(string name, string? zone, out string? problem)
    {
        if (!TimeZones.TryFind(zone, out var found))
        {
            problem = $"tz '{zone}' is no time zone known here; IANA ids such as Europe/Berlin are";
            return null;
        }

        problem = null;
        if (name == MonthName)
        {
            return new MonthWindow(name, found);
        }

        if (Live.FirstOrDefault(w => w.Name == name) is { } live)
        {
            return live;
        }

        if (LengthOf(name) is { } length)
        {
            return new TrailingWindow(name, length);
        }

        problem = $"window '{name}' is none of 5m, 1h, 24h, 7d, 30d, month, nor another number of s, m, h or d from 10s to 30d";
        return null;
    }

    private static TimeSpan? LengthOf(string name)
    {
        var unit = name.Length > 1 ? name[^1] : ' ';
        var seconds = unit switch { 's' => 1, 'm' => 60, 'h' => 3_600, 'd' => 86_400, _ => 0 };
        return seconds > 0 && int.TryParse(name.AsSpan(0, name.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && (long)number * seconds is >= 10 and <= MostSeconds
                ? TimeSpan.FromSeconds((long)number * seconds)
                : null;
    }
}

/// <summary>The last so many seconds; its start snaps by <see cref="TierMath.SnapOf"/>.</summary>
/// <param name="Name">As asked for.</param>
/// <param name="Length">10 s to 30 days.</param>
public sealed record TrailingWindow(string Name, TimeSpan Length) : StatusWindow(Name)
{
    internal override bool IsLong => Length > TimeSpan.FromHours(24);

    internal override WindowFrame At(UnixNanos now) => WindowFrame.Of(CellQuery.Trailing(now, Length).Range, Length);
}

/// <summary>The month to date, from midnight of its first day in a time zone.</summary>
/// <param name="Name">As asked for.</param>
/// <param name="Zone">The zone. Its midnights lie on 15 min edges, as those of all zones in use do.</param>
public sealed record MonthWindow(string Name, TimeZoneInfo Zone) : StatusWindow(Name)
{
    internal override WindowFrame At(UnixNanos now)
    {
        var last = Slice.Of(now);
        var range = new SliceRange(Slice.Of(TimeZones.BeginOfMonth(last.Plus(-1).End, Zone)).Plus(1), last);
        return WindowFrame.Of(range, range.Count * Slice.Length);
    }
}
