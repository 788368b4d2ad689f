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
    [InlineData("6h", 21_600, 15)]
    [InlineData("86400s", 86_400, 60)]
    public void A_number_of_seconds_minutes_or_hours(string name, int seconds, int slicesPerStep)
    {
        var window = StatusWindow.Parse(name, out var problem);
        Assert.Null(problem);
        Assert.Equal(new StatusWindow(name, TimeSpan.FromSeconds(seconds), slicesPerStep), window);
        Assert.InRange(Math.Ceiling(seconds / 10.0 / slicesPerStep), 1, 144);
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
    [InlineData("25h")]
    [InlineData("1d")]
    [InlineData("99999999999h")]
    [InlineData("2147483647h")]
    public void Anything_else_is_refused_with_what_would_be_right(string name)
    {
        Assert.Null(StatusWindow.Parse(name, out var problem));
        Assert.Equal($"window '{name}' is none of 5m, 1h, 24h, nor another number of s, m or h from 10s to 24h", problem);
    }

    [Theory]
    [InlineData("7d")]
    [InlineData("30d")]
    [InlineData("month")]
    public void Windows_that_are_not_kept_yet_are_refused_by_name(string name)
    {
        Assert.Null(StatusWindow.Parse(name, out var problem));
        Assert.Contains("not kept yet", problem, StringComparison.Ordinal);
    }
}
