using Kpi.Rollups;
using Kpi.Rollups.Identity;
using Kpi.Rollups.Lanes;
using Kpi.Rollups.Store;
using Kpi.Rollups.Time;
using Kpi.SloEngine;
using Kpi.SloEngine.Definitions;
using Kpi.SloEngine.Status;
using Kpi.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kpi.Bench;

/// <summary>The 30-day P99 of a KPI whose committed part is kept: read the first time, with nothing new, and right after flushes.</summary>
internal static class StoreKpiBench
{
    private const int Rounds = 21;

    private const string Tiers = "version: 1\ncurrent: 1k\nusers: null\ntiers:\n  - {id: 1k, users: 1000, name: 1k}\n";

    private const string Kpis = """
        version: 1
        entryServices: []
        excludedRoutes: []
        excludeSynthetic: true
        kpis:
          - id: p99_latency
            name: P99 latency
            unit: s
            kind: quantile
            metrics: ['{"http.server.request.duration"}']
            quantile: 0.99
            targets: {1k: 200ms}

        """;

    /// <param name="now">The slice of the present: the newest of the store.</param>
    public static async Task<IReadOnlyList<string>> RunAsync(StoreBed bed, Slice now)
    {
        var alerts = Directory.CreateTempSubdirectory("kpi-bench-alerts-");
        await File.WriteAllTextAsync(Path.Combine(alerts.FullName, "kpis.yaml"), Kpis);
        await File.WriteAllTextAsync(Path.Combine(alerts.FullName, "tiers.yaml"), Tiers);
        var clock = new FakeClock(now.End.ToDateTimeOffset() - TimeSpan.FromSeconds(3));
        await using var store = SqliteRollupStore.Open(bed.File);
        var rollup = await Rollup.OpenAsync(store, new RollupLimits(), Guid.NewGuid(), clock, NullLoggerFactory.Instance, default);
        var reader = new DefinitionsReader(_ => null);
        var watch = new DefinitionsWatch(reader, alerts.FullName, reader.Read(alerts.FullName));
        var engine = new StatusEngine(rollup, watch, new IngestEndpoints("", ""), "bench", clock, NullLoggerFactory.Instance);
        var series = await rollup.Reader.FindSeriesAsync(s => s.Kind == SeriesKind.Distribution, default);
        var slots = series.Select(s => rollup.Catalog.GetOrAdd(s.Kind, s.Unit, s.Labels, out _).Slot).ToArray();
        var window = StatusWindow.Parse("30d", null, out _)!;
        var first = await Cpu.OfAsync(() => CheckedAsync(engine, window));
        var kept = await Cpu.MedianAsync(Rounds, () => CheckedAsync(engine, window));
        var flushed = new List<(double Cpu, double Wall)>();
        for (var round = 0; round < Rounds; round++)
        {
            clock.Advance(TimeSpan.FromSeconds(10));
            await FlushAsync(rollup, slots, Slice.Of(UnixNanos.Now(clock)));
            flushed.Add(await Cpu.OfAsync(() => CheckedAsync(engine, window)));
        }

        alerts.Delete(recursive: true);
        return
        [
            $"| status with the P99 of a KPI over 1,000 distributions, 30 days: the first time | {first.Wall:f1} ms (CPU {first.Cpu:f1}) | |",
            $"| the same, kept, nothing new | {kept.Wall:f1} ms (CPU {kept.Cpu:f1}) | 20 ms |",
            $"| the same, kept, right after a flush of all 1,000 | {Cpu.Median(flushed.Select(f => f.Wall)):f1} ms (CPU {Cpu.Median(flushed.Select(f => f.Cpu)):f1}) | 20 ms |",
        ];
    }

    private static async Task CheckedAsync(StatusEngine engine, StatusWindow window)
    {
        var status = await engine.EvaluateAsync(window, default);
        var requests = status.Services.Sum(s => s.Requests);
        if (requests < 1_000_000)
        {
            throw new InvalidOperationException($"{requests} requests in 30 days");
        }
    }

    private static async Task FlushAsync(Rollup rollup, int[] slots, Slice slice)
    {
        var batch = new SampleBatch();
        foreach (var slot in slots)
        {
            batch.Add(new DurationSample(100_000_000 + slot, slot, slice.Number, DurationSample.One));
        }

        rollup.Lanes.Post(batch, 0);
        await batch.Applied;
        await rollup.Flusher.FlushAsync(default);
    }
}
