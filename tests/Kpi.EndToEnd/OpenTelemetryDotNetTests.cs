using System.Globalization;
using System.Text.Json.Nodes;
using Kpi.EndToEnd.Senders;
using Kpi.EndToEnd.Server;
using OpenTelemetry.Exporter;

namespace Kpi.EndToEnd;

/// <summary>A service with the stock SDK sends spans whose every figure is known; the API says exactly those.</summary>
public sealed class OpenTelemetryDotNetTests
{
    private const double SketchError = 0.01;

    [Theory]
    [InlineData(OtlpExportProtocol.Grpc, OtlpExportCompression.None)]
    [InlineData(OtlpExportProtocol.Grpc, OtlpExportCompression.GZip)]
    [InlineData(OtlpExportProtocol.HttpProtobuf, OtlpExportCompression.None)]
    [InlineData(OtlpExportProtocol.HttpProtobuf, OtlpExportCompression.GZip)]
    public async Task Known_traffic_of_the_sdk_gives_exactly_the_known_figures(OtlpExportProtocol protocol, OtlpExportCompression compression)
    {
        await using var server = await KpiServer.StartAsync();
        var traffic = new KnownTraffic(DateTime.UtcNow);
        var options = protocol == OtlpExportProtocol.Grpc ? DotNetSender.Grpc(server.OtlpGrpc) : DotNetSender.Http(server.OtlpHttp);
        options.Compression = compression;
        using (var sender = DotNetSender.Batching("shop", options))
        {
            foreach (var span in traffic.Spans())
            {
                sender.Send(span);
            }

            sender.Flush();
        }

        ScorecardIsExact(await server.Api.JsonAsync("api/scorecard?window=5m"), traffic);
        ServiceIsExact((await server.Api.ServiceAsync("shop"))!, traffic);
        RequestSeriesAreExact(await server.Api.SeriesAsync("{\"http.server.request.duration\"}"), traffic);
        QuerySeriesAreExact(await server.Api.SeriesAsync("db_client_operation_duration_seconds{db_system_name=\"postgresql\"}"), traffic);
        var metrics = await server.Api.MetricsAsync();
        Assert.Equal(KnownTraffic.Requests + KnownTraffic.Queries, metrics["kpi_spans_accepted_total"]);
    }

    private static void ScorecardIsExact(JsonNode scorecard, KnownTraffic traffic)
    {
        var at = Instant(scorecard["at"]);
        var (from, to) = (Instant(scorecard["from"]), Instant(scorecard["to"]));
        Assert.Equal(TimeSpan.FromMinutes(5), to - from);
        Assert.InRange(to - at, TimeSpan.Zero, TimeSpan.FromSeconds(10));
        Assert.InRange(DateTimeOffset.UtcNow - at, TimeSpan.Zero, TimeSpan.FromSeconds(30));
        Assert.Equal("5m", (string?)scorecard["window"]);
        Assert.Equal(["null", "1k", "100k"], new[] { "users", "current", "next" }.Select(k => scorecard["tier"]![k]?.ToString() ?? "null"));

        var kpis = scorecard["kpis"]!.AsArray().ToDictionary(k => (string)k!["id"]!, k => k!);
        Assert.Equal(
            ["p99_latency", "uptime", "error_rate", "mttr", "db_query_time", "cache_hit_ratio", "monthly_churn", "infra_cost_per_user"], kpis.Keys);
        ErrorRateIsExact(kpis["error_rate"]);
        QuantileIsExact(kpis["p99_latency"], KnownTraffic.Requests, traffic.RequestQuantile(0.99), traffic.RequestShare, "pass", "fail", "fail");
        QuantileIsExact(kpis["db_query_time"], KnownTraffic.Queries, traffic.QueryQuantile(0.95), traffic.QueryShare, "pass", "pass", "fail");
        Assert.All(["uptime", "mttr", "cache_hit_ratio", "monthly_churn", "infra_cost_per_user"], id => IsNotMeasured(kpis[id]));
    }

    // 37 of 9,950: below 1 % for sure, above 0.1 % for sure; 0.01 % would need 29,956 requests.
    private static void ErrorRateIsExact(JsonNode kpi)
    {
        const int Valid = KnownTraffic.Requests - KnownTraffic.Aborted;
        Assert.Equal(KnownTraffic.Errors, (double?)kpi["numerator"]);
        Assert.Equal(Valid, (double?)kpi["denominator"]);
        Assert.Equal((double)KnownTraffic.Errors / Valid, (double?)kpi["value"]);
        Assert.Equal(Valid, (long?)kpi["n"]);
        Assert.Equal("1", (string?)kpi["unit"]);
        Assert.Equal("spans", (string?)kpi["source"]);
        Assert.InRange((double)kpi["low"]!, 0.002, 0.0037);
        Assert.InRange((double)kpi["high"]!, 0.0038, 0.006);
        Assert.Equal([0.01, 0.001, 0.0001], PerTier(kpi["targets"]).Select(t => (double)t!));
        Assert.Equal(["pass", "fail", "insufficient_data"], PerTier(kpi["verdicts"]).Select(v => (string?)v));
    }

    private static void QuantileIsExact(JsonNode kpi, int n, double value, Func<double, double> share, params string[] verdicts)
    {
        Assert.InRange((double)kpi["value"]!, value * (1 - SketchError), value * (1 + SketchError));
        Assert.InRange(value, (double)kpi["low"]!, (double)kpi["high"]!);
        Assert.Equal(n, (double?)kpi["denominator"]);
        Assert.Equal(n, (long?)kpi["n"]);
        Assert.Equal("s", (string?)kpi["unit"]);
        Assert.Equal("spans", (string?)kpi["source"]);
        var targets = PerTier(kpi["targets"]).Select(t => (double)t!).ToArray();
        Assert.Equal(targets.Select(share), PerTier(kpi["shares"]).Select(s => (double)s!));
        Assert.Equal(share(targets[0]), (double?)kpi["numerator"]);
        Assert.Equal(verdicts, PerTier(kpi["verdicts"]).Select(v => (string?)v));
    }

    private static void IsNotMeasured(JsonNode kpi)
    {
        Assert.All(["value", "low", "high", "numerator", "denominator", "n", "source"], key =>
        {
            Assert.True(kpi.AsObject().ContainsKey(key), $"{key} is missing");
            Assert.Null(kpi[key]);
        });
        Assert.All(PerTier(kpi["verdicts"]), verdict => Assert.Equal("not_measured", (string?)verdict));
        Assert.All(PerTier(kpi["targets"]), target => Assert.True((double)target! > 0));
    }

    private static void ServiceIsExact(JsonNode service, KnownTraffic traffic)
    {
        Assert.Equal(KnownTraffic.Requests, (long?)service["requests"]);
        Assert.Equal(KnownTraffic.Errors, (long?)service["errors"]);
        Assert.Equal(KnownTraffic.Aborted, (long?)service["aborted"]);
        Assert.Equal(37.0 / 9_950, (double?)service["errorRatio"]);
        Assert.Equal(KnownTraffic.Requests / 300.0, (double)service["rate"]!, 9);
        Assert.Equal("spans", (string?)service["source"]);
        Assert.Null(service["estimated"]);
        foreach (var (key, q) in new[] { ("p50", 0.5), ("p90", 0.9), ("p99", 0.99) })
        {
            var exact = traffic.RequestQuantile(q);
            Assert.InRange((double)service[key]!, exact * (1 - SketchError), exact * (1 + SketchError));
        }
    }

    private static void RequestSeriesAreExact(JsonArray series, KnownTraffic traffic)
    {
        Assert.Equal(
            new Dictionary<string, long>
            {
                ["200"] = KnownTraffic.Requests - KnownTraffic.Errors - KnownTraffic.NotFound - KnownTraffic.Aborted,
                ["404"] = KnownTraffic.NotFound,
                ["499"] = KnownTraffic.Aborted,
                ["500"] = KnownTraffic.Errors,
            },
            series.OrderBy(s => Label(s, "http.response.status_code")).ToDictionary(s => Label(s, "http.response.status_code")!, s => (long)s!["count"]!));
        Assert.Equal(traffic.RequestSeconds, series.Sum(s => (double)s!["sum"]!), 9);
        Assert.All(series, s =>
        {
            Assert.Equal("distribution", (string?)s!["kind"]);
            Assert.Equal("http.server.request.duration", Label(s, "__name__"));
            Assert.Equal("GET", Label(s, "http.request.method"));
            Assert.Equal("/orders/{id}", Label(s, "http.route"));
            Assert.Equal("shop", Label(s, "service.name"));
            Assert.Equal("spans", Label(s, "kpi.from"));
            Assert.Equal(Label(s, "http.response.status_code") == "500" ? "500" : null, Label(s, "error.type"));
            Assert.Null(Label(s, "url.path"));
        });
    }

    private static void QuerySeriesAreExact(JsonArray series, KnownTraffic traffic)
    {
        var only = Assert.Single(series);
        Assert.Equal(KnownTraffic.Queries, (long?)only!["count"]);
        Assert.Equal(traffic.QuerySeconds, (double)only["sum"]!, 9);
        Assert.Equal(
            ["db.client.operation.duration", "orders", "shop", "SELECT", "postgresql"],
            new[] { "__name__", "db.collection.name", "db.namespace", "db.operation.name", "db.system.name" }.Select(name => Label(only, name)!));
    }

    private static JsonNode?[] PerTier(JsonNode? perTier) => [perTier!["1k"], perTier["100k"], perTier["1m"]];

    private static string? Label(JsonNode? series, string name) => (string?)series!["labels"]![name];

    private static DateTimeOffset Instant(JsonNode? text)
    {
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00)$", (string?)text);
        return DateTimeOffset.Parse((string)text!, CultureInfo.InvariantCulture);
    }
}
