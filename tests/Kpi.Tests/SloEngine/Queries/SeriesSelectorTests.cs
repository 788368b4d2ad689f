using Kpi.PromQl;
using Kpi.Rollups.Identity;
using Kpi.SloEngine.Queries;

namespace Kpi.Tests.SloEngine.Queries;

public sealed class SeriesSelectorTests
{
    private static readonly Series Duration = Series.Of(
        SeriesKind.Distribution,
        "s",
        Labels.Of(("__name__", "http.server.request.duration"), ("service.name", "shop"), ("http.route", "/buy/{id}")));

    [Theory]
    [InlineData("""{"http.server.request.duration"}""")]
    [InlineData("""{"http.server.request.duration", "service.name"="shop"}""")]
    [InlineData("""{"http.server.request.duration", service_name="shop"}""")]
    [InlineData("""http_server_request_duration_seconds""")]
    [InlineData("""http_server_request_duration_seconds{service_name=~"sh.*", http_route!="/health"}""")]
    [InlineData("""{service_name="shop"}""")]
    [InlineData("""{__name__=~"http_.+_seconds", service_name="shop"}""")]
    [InlineData("""{"http.server.request.duration", absent=""}""")]
    public void Selects(string selector) => Assert.True(Parse(selector).Selects(Duration));

    [Theory]
    [InlineData("""http_server_request_duration""")] // a unit belongs to the name
    [InlineData("""http_server_request_duration_milliseconds""")]
    [InlineData("""http_server_request_duration_seconds_total""")] // it is no counter
    [InlineData("""{"http.server.request.duration", service_name="Shop"}""")]
    [InlineData("""{"http.server.request.duration", "service.name"!="shop"}""")]
    [InlineData("""{"http.server.request.duration", service_name=""}""")]
    [InlineData("""{"http.client.request.duration"}""")]
    public void Does_not_select(string selector) => Assert.False(Parse(selector).Selects(Duration));

    [Theory]
    [InlineData("Counter", "", "app.orders", "app_orders_total")]
    [InlineData("Counter", "1", "app.orders", "app_orders_total")]
    [InlineData("Counter", "s", "process.cpu.time", "process_cpu_time_seconds_total")]
    [InlineData("Counter", "By", "net.sent", "net_sent_bytes_total")]
    [InlineData("Counter", "", "pg_calls_total", "pg_calls_total")]
    [InlineData("Counter", "s", "wait_seconds_total", "wait_seconds_total")]
    [InlineData("Counter", "s", "app.wait.total", "app_wait_seconds_total")]
    [InlineData("Distribution", "s", "app.wait_seconds", "app_wait_seconds")]
    [InlineData("Distribution", "By", "app.body-size", "app_body_size_bytes")]
    public void Names_are_also_as_Prometheus_writes_them(string kind, string unit, string stored, string asked)
    {
        var series = Series.Of(Enum.Parse<SeriesKind>(kind), unit, Labels.Of(("__name__", stored)));
        Assert.True(Parse($"{{\"{stored}\"}}").Selects(series));
        Assert.True(Parse(asked).Selects(series));
    }

    [Fact]
    public void A_label_as_asked_for_comes_before_one_that_Prometheus_would_write_so()
    {
        var series = Series.Of(SeriesKind.Counter, "", Labels.Of(("__name__", "x"), ("a.b", "dotted"), ("a_b", "plain")));
        Assert.True(Parse("""{a_b="plain"}""").Selects(series));
        Assert.False(Parse("""{a_b="dotted"}""").Selects(series));
    }

    internal static VectorSelector Parse(string text)
    {
        Assert.True(SelectorParser.TryParse(text, out var selector, out var error), error?.ToString());
        return selector;
    }
}
