using System.Diagnostics;
using System.Net.Http.Headers;
using Kpi.Collector.Otlp.Metrics;
using Kpi.Rollups;
using Kpi.Rollups.Identity;
using Kpi.Rollups.Lanes;
using Kpi.Rollups.Time;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kpi.Bench;

/// <summary>
/// Memory per active counter series: resident above the same server without series, beside victoria-metrics and prometheus, which scrape
/// the same series; and what of it is live on the managed heap.
/// </summary>
internal static class MemoryBench
{
    private const int Rounds = 24;
    private const int RoundsInProcess = 4;
    private const double MegabyteToBytes = 1024 * 1024;
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(10);

    public static async Task<int> RunAsync()
    {
        var live = await LivePerSeriesAsync();
        using var peers = new PeerPrograms();
        await using var page = await ScrapePage.StartAsync();
        (string Name, ServerProcess Empty, ServerProcess Full)[] servers =
        [
            ("Kpi", ServerProcess.Kpi(), ServerProcess.Kpi()),
            ("victoria-metrics", peers.VictoriaMetrics(1), peers.VictoriaMetrics(page.Port)),
            ("prometheus", peers.Prometheus(1), peers.Prometheus(page.Port)),
        ];
        var resident = servers.ToDictionary(s => s.Name, _ => new List<double>());
        try
        {
            foreach (var (_, empty, full) in servers)
            {
                await empty.ReadyAsync();
                await full.ReadyAsync();
            }

            await SendAsync(servers[0].Full, () =>
            {
                foreach (var (name, empty, full) in servers)
                {
                    resident[name].Add(full.ResidentMegabytes - empty.ResidentMegabytes);
                }
            });
            var rows = servers.Select(s => Row(s.Name, s.Empty.ResidentMegabytes, resident[s.Name]));
            Results.Write("memory", $"""
                {CounterBodies.Series:n0} running totals with four to six labels, every 10 s for {Rounds * Every.TotalSeconds / 60:f0} minutes: to Kpi as OTLP over HTTP, by the others scraped ({string.Join(", ", peers.Versions)}).
                Resident memory (VmRSS) above that of the same server that gets nothing, read every 10 s; bytes are per series.

                | server | empty, MB | median of the last minute | most | last |
                |---|---|---|---|---|
                {string.Join('\n', rows)}

                Asked of Kpi: at most 600 bytes. Live on its managed heap, after a full collection between two flushes, in the bench's own process: {live:f0} bytes per series.
                """);
        }
        finally
        {
            foreach (var (_, empty, full) in servers)
            {
                empty.Dispose();
                full.Dispose();
            }
        }

        return 0;
    }

    private static string Row(string name, double empty, List<double> above) =>
        $"| {name} | {empty:f0} | {PerSeries(Cpu.Median(above.TakeLast(6))):f0} | {PerSeries(above.Max()):f0} | {PerSeries(above[^1]):f0} |";

    private static double PerSeries(double megabytes) => megabytes * MegabyteToBytes / CounterBodies.Series;

    private static async Task SendAsync(ServerProcess server, Action afterRound)
    {
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{server.HttpPort}") };
        var bodies = new CounterBodies();
        var begun = Stopwatch.StartNew();
        for (var round = 1; round <= Rounds; round++)
        {
            foreach (var body in bodies.Round(round))
            {
                using var content = new ByteArrayContent(body);
                content.Headers.ContentType = new MediaTypeHeaderValue("application/x-protobuf");
                using var answer = await client.PostAsync("/v1/metrics", content);
                if (!answer.IsSuccessStatusCode || (await answer.Content.ReadAsByteArrayAsync()).Length > 0)
                {
                    throw new InvalidOperationException($"a body was not taken whole: {answer}");
                }
            }

            await Task.Delay(TimeSpan.FromTicks(Math.Max(0, (Every * round - begun.Elapsed).Ticks)));
            afterRound();
        }
    }

    private static async Task<double> LivePerSeriesAsync()
    {
        await using var bed = new StoreBed();
        var rollup = await Rollup.OpenAsync(bed.Store, new RollupLimits(), Guid.NewGuid(), TimeProvider.System, NullLoggerFactory.Instance, default);
        var decoder = new MetricDecoder(rollup);
        var batch = new SampleBatch();
        var bodies = new CounterBodies();
        _ = bodies.Round(0).ToList();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var round = 1; round <= RoundsInProcess; round++)
        {
            foreach (var body in bodies.Round(round))
            {
                batch.Clear();
                if (!decoder.TryDecode(body, UnixNanos.Now(TimeProvider.System), batch, out var tally) || tally.Rejected != 0)
                {
                    throw new InvalidOperationException("a body of ours was refused");
                }

                rollup.Lanes.Post(batch, 0);
                await batch.Applied;
            }

            await rollup.Flusher.FlushAsync(default);
        }

        var live = GC.GetTotalMemory(forceFullCollection: true) - before;
        GC.KeepAlive(rollup);
        GC.KeepAlive(bodies);
        return (double)live / CounterBodies.Series;
    }
}
