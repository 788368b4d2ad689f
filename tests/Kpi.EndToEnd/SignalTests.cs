using System.Text.Json.Nodes;
using Kpi.EndToEnd.Senders;
using Kpi.EndToEnd.Server;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;

namespace Kpi.EndToEnd;

/// <summary>Metrics of every instrument and logs of two stock SDKs, over every transport: the API says exactly what was sent.</summary>
public sealed class SignalTests
{
    [Theory]
    [InlineData("grpc", "cumulative")]
    [InlineData("proto", "delta")]
    [InlineData("json", "cumulative")]
    public async Task Metrics_and_logs_of_the_sdk_for_javascript_are_counted_exactly(string protocol, string temporality)
    {
        await using var server = await KpiServer.StartAsync();
        await JsSender.SendSignalsAsync(protocol, protocol == "grpc" ? server.OtlpGrpc : server.OtlpHttp, "items", temporality);
        await FiguresAreExactAsync(server);

        // The SDK's own severities: 9 info, 18 error.
        Assert.Equal(new() { ["info "] = 6, ["error "] = 1, ["info subscription.started"] = 1 }, await LogsAsync(server));
    }

    [Theory]
    [InlineData(OtlpExportProtocol.Grpc, MetricReaderTemporalityPreference.Delta)]
    [InlineData(OtlpExportProtocol.HttpProtobuf, MetricReaderTemporalityPreference.Cumulative)]
    public async Task Metrics_and_logs_of_the_sdk_for_dotnet_are_counted_exactly(OtlpExportProtocol protocol, MetricReaderTemporalityPreference temporality)
    {
        await using var server = await KpiServer.StartAsync();
        DotNetSignals.Send("items", protocol, protocol == OtlpExportProtocol.Grpc ? server.OtlpGrpc : server.OtlpHttp, temporality);
        await FiguresAreExactAsync(server);
        var logs = await LogsAsync(server);
        Assert.Equal((8, 1), (logs.Values.Sum(), logs["error "]));
    }

    private static async Task FiguresAreExactAsync(KpiServer server)
    {
        var orders = await server.Api.SeriesAsync("{\"app.orders\"}");
        Assert.Equal([("solo", 9.0), ("team", 6.0)], orders.Select(s => (Label(s, "plan"), (double)s!["increase"]!)).Order());
        var queue = Assert.Single(await server.Api.SeriesAsync("{\"app.queue\"}"));
        Assert.Equal(("gauge", 6.0), ((string?)queue!["kind"], (double?)queue["last"]));
        var load = Assert.Single(await server.Api.SeriesAsync("{\"app.load\"}"));
        Assert.Equal((2.5, 1.5, 2.5), ((double?)load!["last"], (double?)load["min"], (double?)load["max"]));

        // The SDK for .NET exports once more when it ends, and what stands is read again.
        Assert.InRange((long)load["count"]!, 2, 3);
        var size = Assert.Single(await server.Api.SeriesAsync("{\"app.size\"}"));
        Assert.Equal(("distribution", 200L, 101_000.0), ((string?)size!["kind"], (long?)size["count"], (double?)size["sum"]));

        var service = await server.Api.ServiceAsync("items");
        Assert.Equal((200L, 4L, "metrics"), ((long?)service!["requests"], (long?)service["errors"], (string?)service["source"]));

        // Durations of 2.5 to 250 ms, each twice; the targets 200, 150 and 100 ms are bounds of the sender.
        var latency = await server.Api.KpiAsync("p99_latency");
        Assert.Equal("metrics", (string?)latency["source"]);
        Assert.Equal([0.8, 0.6, 0.4], new[] { "1k", "100k", "1m" }.Select(tier => (double)latency["shares"]![tier]!));
    }

    private static async Task<Dictionary<string, long>> LogsAsync(KpiServer server) =>
        (await server.Api.SeriesAsync("{\"log.records\"}")).ToDictionary(s => $"{Label(s, "severity")} {Label(s, "event.name")}", s => (long)(double)s!["increase"]!);

    private static string? Label(JsonNode? series, string name) => (string?)series!["labels"]![name];
}
