using System.Diagnostics.CodeAnalysis;
using Kpi.Rollups.Time;

namespace Kpi.SloEngine.Status;

/// <summary>Time zones by IANA id, as the system's <c>/usr/share/zoneinfo</c> has them; without that folder only UTC is known.</summary>
internal static class TimeZones
{
    private const int LongestId = 64;

    private static readonly TimeSpan Step = TimeSpan.FromMinutes(15);

    // Clocks reach to UTC+14.
    private static readonly TimeSpan MostAhead = TimeSpan.FromHours(14);

    /// <summary>A zone by its id; UTC for null. The id becomes a file's name, so nothing but letters, digits and <c>_ + - /</c> is looked for.</summary>
    public static bool TryFind(string? id, [NotNullWhen(true)] out TimeZoneInfo? zone)
    {
        zone = TimeZoneInfo.Utc;
        return id is null
            || (id.Length is > 0 and <= LongestId
                && char.IsAsciiLetter(id[0])
                && id.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '+' or '-' or '/')
                && TimeZoneInfo.TryFindSystemTimeZoneById(id, out zone));
    }

    /// <summary>
    /// The first instant whose date in the zone lies in the month in which an instant lies. Looked for step by step: a month begins at 01:00
    /// where clocks skip its first hour, and after the second 23:00 where they are set back at midnight.
    /// </summary>
    public static UnixNanos BeginOfMonth(UnixNanos instant, TimeZoneInfo zone)
    {
        var now = instant.ToDateTimeOffset();
        var local = TimeZoneInfo.ConvertTime(now, zone);
        for (var at = new DateTimeOffset(local.Year, local.Month, 1, 0, 0, 0, TimeSpan.Zero) - MostAhead; at < now; at += Step)
        {
            var date = TimeZoneInfo.ConvertTime(at, zone);
            if (date.Month == local.Month && date.Year == local.Year)
            {
                return UnixNanos.From(at);
            }
        }

        return instant;
    }
}
