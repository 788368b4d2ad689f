using System.Globalization;
using Kpi.Rollups.Time;
using Kpi.SloEngine.Status;

namespace Kpi.Tests.SloEngine.Status;

public sealed class StatusWindowTests
{
    [Theory]
    [InlineData("5m", 300, 1)]
    [InlineData("1h", 3_600, 6)]
    [InlineData("24h", 86_400, 90)]
    [InlineData("10s", 10, 1)]
    [InlineData("90s", 90, 1)]
    [InlineData("24m", 1_440, 1)]
    [InlineData("25m", 1_500, 2)]
    [InlineData("6h", 21_600, 18)]
    [InlineData("86400s", 86_400, 90)]
    [InlineData("1d", 86_400, 90)]
    [InlineData("7d", 604_800, 720)]
    [InlineData("30d", 2_592_000, 8_640)]
    public void A_number_of_seconds_minutes_hours_or_days(string name, int seconds, int slicesPerStep)
    {
        var window = StatusWindow.Parse(name, null, out var problem);
        Assert.Null(problem);
        Assert.Equal(new TrailingWindow(name, TimeSpan.FromSeconds(seconds)), window);
        Assert.Equal(slicesPerStep, window!.At(At("2026-11-22T12:00:00Z")).SlicesPerStep);
    }

    [Theory]
    [InlineData("")]
    [InlineData("m")]
    [InlineData("5")]
    [InlineData("9s")]
    [InlineData("0m")]
    [InlineData("-5m")]
    [InlineData("+5m")]
    [InlineData("5 m")]
    [InlineData("5M")]
    [InlineData("1.5h")]
    [InlineData("31d")]
    [InlineData("721h")]
    [InlineData("Month")]
    [InlineData("99999999999h")]
    [InlineData("2147483647d")]
    public void Anything_else_is_refused_with_what_would_be_right(string name)
    {
        Assert.Null(StatusWindow.Parse(name, null, out var problem));
        Assert.Equal($"window '{name}' is none of 5m, 1h, 24h, 7d, 30d, month, nor another number of s, m, h or d from 10s to 30d", problem);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Europe/Nowhere")]
    [InlineData("/usr/share/zoneinfo/UTC")]
    [InlineData("../zoneinfo/UTC")]
    [InlineData("Europe")]
    [InlineData("zone.tab")]
    [InlineData("UTC\0")]
    public void A_zone_that_is_not_known_is_refused_whatever_the_window(string zone)
    {
        Assert.Null(StatusWindow.Parse("month", zone, out var problem));
        Assert.Equal($"tz '{zone}' is no time zone known here; IANA ids such as Europe/Berlin are", problem);
        Assert.Null(StatusWindow.Parse("5m", zone, out _));
    }

    [Fact]
    public void Only_the_start_snaps()
    {
        foreach (var (name, from) in new[]
        {
            ("30m", "2026-11-22T11:37:40Z"), ("31m", "2026-11-22T11:36:00Z"), ("6h", "2026-11-22T06:07:00Z"), ("7h", "2026-11-22T05:00:00Z"),
            ("7d", "2026-11-15T12:00:00Z"), ("30d", "2026-10-23T12:00:00Z"),
        })
        {
            var range = StatusWindow.Parse(name, null, out _)!.At(At("2026-11-22T12:07:31Z")).Range;
            Assert.Equal((At(from), At("2026-11-22T12:07:40Z")), (range.From, range.To));
        }
    }

    [Theory]
    [InlineData(null, "2026-11-22T12:00:03Z", "2026-11-01T00:00:00Z")]
    [InlineData("UTC", "2026-11-01T00:00:00Z", "2026-10-01T00:00:00Z")] // the edge belongs to the slice that ends there
    [InlineData("UTC", "2026-11-01T00:00:00.0000001Z", "2026-11-01T00:00:00Z")]
    [InlineData("Europe/Berlin", "2026-11-22T12:00:03Z", "2026-10-31T23:00:00Z")]
    [InlineData("Europe/Berlin", "2026-10-31T23:00:00Z", "2026-09-30T22:00:00Z")]
    [InlineData("Europe/Berlin", "2026-10-31T23:00:01Z", "2026-10-31T23:00:00Z")]
    [InlineData("Europe/Berlin", "2026-04-02T00:00:00Z", "2026-03-31T22:00:00Z")]
    [InlineData("America/New_York", "2026-11-22T12:00:03Z", "2026-11-01T04:00:00Z")] // clocks are set back two hours later
    [InlineData("America/New_York", "2026-12-01T04:59:59Z", "2026-11-01T04:00:00Z")]
    [InlineData("America/New_York", "2026-12-01T05:00:01Z", "2026-12-01T05:00:00Z")]
    [InlineData("Asia/Kathmandu", "2026-11-22T12:00:03Z", "2026-10-31T18:15:00Z")]
    [InlineData("Australia/Lord_Howe", "2026-11-22T12:00:03Z", "2026-10-31T13:00:00Z")] // summer: +11:00
    [InlineData("Australia/Lord_Howe", "2026-07-22T12:00:03Z", "2026-06-30T13:30:00Z")] // winter: +10:30
    [InlineData("America/Havana", "2026-11-22T12:00:03Z", "2026-11-01T04:00:00Z")] // 1 November has two hours from 00:00: the first
    [InlineData("Pacific/Kiritimati", "2026-10-31T12:00:00Z", "2026-10-31T10:00:00Z")]
    [InlineData("Etc/GMT+12", "2026-11-01T11:00:00Z", "2026-10-01T12:00:00Z")]
    public void A_month_begins_at_the_zones_midnight(string? zone, string now, string from)
    {
        var frame = StatusWindow.Parse("month", zone, out _)!.At(At(now));
        Assert.Equal(At(from), frame.Range.From);
        Assert.InRange(frame.Steps, 1, WindowFrame.MostWholeSteps + 1);
    }

    [Fact]
    public void The_live_windows_are_those_that_the_page_offers()
    {
        Assert.Equal(["5m", "1h", "24h", "7d", "30d", "month"], StatusWindow.Live.Select(w => w.Name));
        Assert.All(StatusWindow.Live, w => Assert.Equal(w, StatusWindow.Parse(w.Name, null, out _)));
        Assert.NotEqual(StatusWindow.Live[^1], StatusWindow.Parse("month", "Europe/Berlin", out _));
    }

    private static UnixNanos At(string instant) => UnixNanos.From(DateTimeOffset.Parse(instant, CultureInfo.InvariantCulture));
}
