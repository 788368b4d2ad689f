using System.Net;
using System.Text.Json;
using Kpi.Rollups.Identity;
using Kpi.Rollups.Lanes;
using Kpi.Rollups.Time;
using Kpi.Testing;

namespace Kpi.Tests.Dashboard.Api;

public sealed class StatusApiTests
{
    private static readonly string[] KpiFields =
    [
        "id", "name", "unit", "value", "low", "high", "numerator", "denominator", "n", "coverage", "source", "targets", "verdicts", "note",
        "newest", "spark",
    ];

    private static readonly string[] NullWhenNotMeasured =
        ["value", "low", "high", "numerator", "denominator", "n", "coverage", "source", "newest"];

    private readonly FakeClock clock = new(new DateTimeOffset(2026, 11, 22, 12, 0, 3, TimeSpan.Zero));

    [Fact]
    public async Task The_scorecard_has_every_field_of_the_contract()
    {
        await using var dashboard = await RunningDashboard.StartAsync(clock);
        await dashboard.Platform.PostAsync(dashboard.Platform.Http("shop"), Enumerable.Repeat(0.1, 400));
        var card = await dashboard.JsonAsync("/api/scorecard?window=1h");
        Assert.Equal(["at", "window", "from", "to", "watermark", "tier", "kpis"], NamesOf(card));
        Assert.Equal(clock.GetUtcNow(), card.GetProperty("at").GetDateTimeOffset());
        Assert.Equal("1h", card.GetProperty("window").GetString());
        Assert.Equal("2026-11-22T11:00:00+00:00", card.GetProperty("from").GetString());
        Assert.Equal("2026-11-22T12:00:10+00:00", card.GetProperty("to").GetString());
        Assert.Equal(JsonValueKind.Null, card.GetProperty("watermark").ValueKind);
        Assert.Equal("""{"users":null,"current":"1k","next":"100k"}""", card.GetProperty("tier").GetRawText());

        var kpis = card.GetProperty("kpis").EnumerateArray().ToDictionary(k => k.GetProperty("id").GetString()!);
        Assert.Equal(["p99_latency", "uptime", "error_rate", "db_query_time"], kpis.Keys);
        Assert.Equal([.. KpiFields, "shares", "quantile"], NamesOf(kpis["p99_latency"]));
        Assert.Equal([.. KpiFields, "shares", "quantile"], NamesOf(kpis["db_query_time"]));
        Assert.Equal(KpiFields, NamesOf(kpis["uptime"]));
        Assert.Equal(KpiFields, NamesOf(kpis["error_rate"]));

        var latency = kpis["p99_latency"];
        Assert.Equal("""{"1k":0.2,"100k":0.15,"1m":0.1}""", latency.GetProperty("targets").GetRawText());
        Assert.Equal("""{"1k":1,"100k":1,"1m":1}""", latency.GetProperty("shares").GetRawText());
        Assert.Equal("""{"1k":"pass","100k":"pass","1m":"at_risk"}""", latency.GetProperty("verdicts").GetRawText());
        Assert.Equal((400, 400.0), (latency.GetProperty("n").GetInt64(), latency.GetProperty("denominator").GetDouble()));
        Assert.Equal("spans", latency.GetProperty("source").GetString());
        Assert.Equal(61, latency.GetProperty("spark").GetArrayLength());
        Assert.Equal("s", latency.GetProperty("unit").GetString());
    }

    [Fact]
    public async Task What_is_not_measured_is_null_and_never_zero()
    {
        await using var dashboard = await RunningDashboard.StartAsync(clock);
        var card = await dashboard.JsonAsync("/api/scorecard");
        Assert.Equal("5m", card.GetProperty("window").GetString());
        foreach (var kpi in card.GetProperty("kpis").EnumerateArray())
        {
            Assert.All(NullWhenNotMeasured, name => Assert.Equal(JsonValueKind.Null, kpi.GetProperty(name).ValueKind));
            Assert.All(kpi.GetProperty("verdicts").EnumerateObject(), v => Assert.Equal("not_measured", v.Value.GetString()));
            Assert.All(kpi.GetProperty("spark").EnumerateArray(), point => Assert.Equal(JsonValueKind.Null, point.ValueKind));
        }
    }

    [Fact]
    public async Task Services_are_an_array_with_every_field()
    {
        await using var dashboard = await RunningDashboard.StartAsync(clock);
        Assert.Equal("[]", (await dashboard.JsonAsync("/api/services?window=5m")).GetRawText());
        await dashboard.Platform.PostAsync(dashboard.Platform.Http("shop"), [0.1, 0.1]);
        await dashboard.Platform.PostAsync(dashboard.Platform.Http("hanging", "499"), [1], weight: 5);
        var services = await dashboard.JsonAsync("/api/services?window=5m");
        string[] fields =
        [
            "service", "requests", "errors", "aborted", "rate", "errorRatio", "p50", "p90", "p99", "source", "newest", "spark", "coverage",
        ];
        Assert.Equal([.. fields, "estimated"], NamesOf(services[0]));
        Assert.Equal(fields, NamesOf(services[1]));
        Assert.Equal(JsonValueKind.Null, services[0].GetProperty("errorRatio").ValueKind);
        Assert.True(services[0].GetProperty("estimated").GetBoolean());
        Assert.Equal(2 / 300.0, services[1].GetProperty("rate").GetDouble());
        Assert.Equal(0, services[1].GetProperty("errorRatio").GetDouble());
    }

    [Fact]
    public async Task Series_are_an_array_with_every_field()
    {
        await using var dashboard = await RunningDashboard.StartAsync(clock);
        var platform = dashboard.Platform;
        await platform.PostAsync(platform.Http("shop"), [0.25, 0.5]);
        var counter = platform.Rollup.Catalog.GetOrAdd(SeriesKind.Counter, "", Labels.Of(("__name__", "app.orders")), out _);
        var batch = new SampleBatch();
        batch.Add(CounterSample.Increase(counter.Slot, default, UnixNanos.Now(clock), 1));
        batch.Add(CounterSample.Increase(counter.Slot, default, UnixNanos.Now(clock), 2));
        Assert.True(platform.Rollup.Lanes.TryPost(batch));
        await batch.Applied;

        var match = Uri.EscapeDataString("""{"http.server.request.duration"}""");
        var distribution = await dashboard.JsonAsync($"/api/series?window=5m&match={match}");
        Assert.Equal(
            """
            [{"labels":{"__name__":"http.server.request.duration","http.response.status_code":"200","http.route":"/buy",
            "kpi.from":"spans","service.name":"shop"},"kind":"distribution",
            "increase":null,"last":null,"count":2,"sum":0.75,"coverage":null,"min":null,"max":null}]
            """.ReplaceLineEndings(""),
            distribution.GetRawText());
        Assert.Equal(
            """[{"labels":{"__name__":"app.orders"},"kind":"counter","increase":3,"last":null,"count":2,"sum":null,"coverage":null,"min":null,"max":null}]""",
            (await dashboard.JsonAsync("/api/series?match=app_orders_total")).GetRawText());
        Assert.Equal("[]", (await dashboard.JsonAsync("/api/series?match=nothing")).GetRawText());
    }

    [Theory]
    [InlineData("/api/scorecard?window=5x", "window '5x' is none of")]
    [InlineData("/api/scorecard?window=31d", "window '31d' is none of")]
    [InlineData("/api/scorecard?window=month&tz=Europe/Nowhere", "tz 'Europe/Nowhere' is no time zone")]
    [InlineData("/api/services?window=month&tz=", "tz '' is no time zone")]
    [InlineData("/api/series?match=up&window=5m&tz=../../etc/passwd", "tz '../../etc/passwd' is no time zone")]
    [InlineData("/api/scorecard?window=", "window '' is none of")]
    [InlineData("/api/services?window=721h", "window '721h' is none of")]
    [InlineData("/api/series", "match is missing")]
    [InlineData("/api/series?match=", "match, ")]
    [InlineData("/api/series?match=%7Ba%3D", "match, ")]
    [InlineData("/api/series?match=up&window=1", "window '1' is none of")]
    public async Task A_bad_parameter_is_a_problem_that_says_what_is_wrong(string path, string detail)
    {
        await using var dashboard = await RunningDashboard.StartAsync(clock);
        using var answer = await dashboard.GetAsync(path);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        using var problem = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        Assert.Equal(400, problem.RootElement.GetProperty("status").GetInt32());
        Assert.Contains(detail, problem.RootElement.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/api/scorecard")]
    [InlineData("/api/services")]
    [InlineData("/api/series?match=up")]
    [InlineData("/api/ingest")]
    public async Task While_starting_the_api_says_so(string path)
    {
        await using var dashboard = await RunningDashboard.StartEmptyAsync(clock);
        using var answer = await dashboard.GetAsync(path);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        Assert.Contains("starting or stopping", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        dashboard.Slot.Engine = dashboard.Platform.Engine;
        using var later = await dashboard.GetAsync(path);
        Assert.Equal(HttpStatusCode.OK, later.StatusCode);
    }

    [Fact]
    public async Task What_was_applied_before_the_question_is_in_the_answer()
    {
        await using var dashboard = await RunningDashboard.StartAsync(clock);
        for (var i = 1; i <= 20; i++)
        {
            await dashboard.Platform.PostAsync(dashboard.Platform.Http("shop"), [0.1]);
            Assert.Equal(i, (await dashboard.JsonAsync("/api/services"))[0].GetProperty("requests").GetInt64());
        }
    }

    private static IEnumerable<string> NamesOf(JsonElement value) => value.EnumerateObject().Select(p => p.Name);
}
