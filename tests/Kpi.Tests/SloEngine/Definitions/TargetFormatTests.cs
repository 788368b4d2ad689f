using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Kpi.SloEngine.Definitions;
using Kpi.SloEngine.Kpis;

namespace Kpi.Tests.SloEngine.Definitions;

public sealed class TargetFormatTests
{
    [Theory]
    [InlineData("200ms", "s", 0.2)]
    [InlineData("1.5s", "s", 1.5)]
    [InlineData("15min", "s", 900)]
    [InlineData("1h", "s", 3600)]
    [InlineData("0.7 ms", "s", 0.0007)]
    [InlineData("99.9%", "1", 0.999)]
    [InlineData("0.01%", "1", 0.0001)]
    [InlineData("$2.50", "USD", 2.5)]
    [InlineData("$0.08", "USD", 0.08)]
    public void A_target_is_the_double_nearest_to_what_is_written(string text, string unit, double value) =>
        Assert.Equal((value, null), TargetFormat.Parse(text, unit));

    [Theory]
    [InlineData("", "s")]
    [InlineData("ms", "s")]
    [InlineData("200", "s")]
    [InlineData("200 MS", "s")]
    [InlineData("1d", "s")]
    [InlineData("1e3ms", "s")]
    [InlineData("1,5s", "s")]
    [InlineData("NaNs", "s")]
    [InlineData("-1h", "s")]
    [InlineData("0ms", "s")]
    [InlineData("100001h", "s")]
    [InlineData("99999999999999999999999999999999h", "s")]
    [InlineData("79228162514264337593543950335h", "s")]
    [InlineData("%", "1")]
    [InlineData("-1%", "1")]
    [InlineData("0%", "1")]
    [InlineData("100%", "1")]
    [InlineData("2.50", "USD")]
    [InlineData("€2.50", "USD")]
    [InlineData("$-1", "USD")]
    [InlineData("$0", "USD")]
    public void What_is_no_target_is_refused_with_the_text_found(string text, string unit)
    {
        var (_, problem) = TargetFormat.Parse(text, unit);
        Assert.Contains($"found '{text}'", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Milliseconds_and_seconds_agree()
    {
        Prop.ForAll(Gen.Choose(1, 1_000_000_000).ToArbitrary(), ms =>
        {
            var seconds = ((decimal)ms / 1000).ToString(CultureInfo.InvariantCulture);
            return TargetFormat.Parse($"{ms}ms", KpiUnits.Seconds) == TargetFormat.Parse($"{seconds}s", KpiUnits.Seconds);
        }).QuickCheckThrowOnFailure();
    }
}
