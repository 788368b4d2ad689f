using Kpi.Collector.Doors;

namespace Kpi.Tests.Collector.Doors;

/// <summary>Point 25 of the ingest reference: which origins a pattern takes.</summary>
public sealed class OriginPatternTests
{
    [Theory]
    [InlineData("https://app.example.com", "https://app.example.com", true)]
    [InlineData("https://app.example.com", "HTTPS://App.Example.Com", true)]
    [InlineData("https://app.example.com", "http://app.example.com", false)]
    [InlineData("https://app.example.com", "https://app.example.com:8443", false)]
    [InlineData("https://app.example.com", "https://app.example.com.evil.example", false)]
    [InlineData("https://app.example.com:8443", "https://app.example.com:8443", true)]
    [InlineData("https://*.example.com", "https://app.example.com", true)]
    [InlineData("https://*.example.com", "https://a.b.example.com", true)]
    [InlineData("https://*.example.com", "https://example.com", false)]
    [InlineData("https://*.example.com", "https://.example.com", false)]
    [InlineData("https://*.example.com", "https://evil.example/.example.com", false)]
    [InlineData("https://*.example.com", "https://evil.example:1/.example.com", false)]
    [InlineData("https://*.example.com", "https://evilexample.com", false)]
    [InlineData("https://*.example.com", "https://app.example.com.evil.example", false)]
    [InlineData("http://localhost:*", "http://localhost:3000", true)]
    [InlineData("http://localhost:*", "http://localhost", false)]
    [InlineData("*", "https://anything.example", true)]
    [InlineData("*", "null", true)]
    [InlineData("https://app.example.com", "null", false)]
    public void A_pattern_takes_these_and_not_those(string pattern, string origin, bool takes) =>
        Assert.Equal(takes, OriginPattern.Parse(pattern)!.Matches(origin));

    [Theory]
    [InlineData("")]
    [InlineData("example.com")]
    [InlineData("https://example.com/")]
    [InlineData("https://example.com/app")]
    [InlineData("https://*.*.example.com")]
    [InlineData("ftp://example.com")]
    [InlineData("https://user@example.com")]
    [InlineData("**")]
    public void What_no_browser_would_say_is_no_pattern(string text) => Assert.Null(OriginPattern.Parse(text));
}
