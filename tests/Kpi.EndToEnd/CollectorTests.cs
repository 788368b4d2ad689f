using Kpi.EndToEnd.Senders;
using Kpi.EndToEnd.Server;

namespace Kpi.EndToEnd;

/// <summary>The OpenTelemetry Collector's exporters, replayed from their documentation, through an overload: nothing is lost, nothing counted twice.</summary>
public sealed class CollectorTests(ITestOutputHelper output)
{
    private const int Batches = 25;
    private const int SpansPerBatch = 1_000;

    [Fact]
    public async Task Whatever_the_collectors_exporters_send_through_an_overload_is_counted_exactly()
    {
        using var folder = new KpiFolder();
        var ports = KpiPorts.Free();

        // One inflated batch fits into a megabyte, twenty at once do not.
        var process = KpiProcess.Start(folder.Root, KpiServer.Arguments(folder, ports), new Dictionary<string, string>
        {
            ["KPI__Collector__MaxBytesInFlight"] = "1048576",
            ["KPI__Collector__RetryAfter"] = "00:00:01",
        });
        await using var server = await KpiServer.AwaitReadyAsync(process, ports, folder);
        using var grpc = new CollectorSender(grpc: true, server.OtlpGrpc, seed: 1);
        using var http = new CollectorSender(grpc: false, server.OtlpHttp, seed: 2);
        await Task.WhenAll(grpc.SendAsync(Batches, SpansPerBatch), http.SendAsync(Batches, SpansPerBatch));

        foreach (var (name, sender) in new[] { ("otlp", grpc), ("otlphttp", http) })
        {
            output.WriteLine($"{name}: {sender.Acknowledged} spans taken, {sender.Retries} batches sent again, {sender.Throttled} after a named delay");
            Assert.Equal((0, Batches * SpansPerBatch), (sender.Dropped, sender.Acknowledged));
            Assert.True(sender.Throttled > 0, $"{name} met no overload");
        }

        Assert.Equal(2 * Batches * SpansPerBatch, (long?)(await server.Api.ServiceAsync("shop"))!["requests"]);
        var metrics = await server.Api.MetricsAsync();
        Assert.Equal(2 * Batches * SpansPerBatch, metrics["kpi_spans_accepted_total"]);
        Assert.True(metrics["kpi_requests_refused_total{reason=\"overloaded\"}"] > 0);
    }
}
