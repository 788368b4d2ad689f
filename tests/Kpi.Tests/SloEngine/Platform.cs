using Kpi.PromQl;
using Kpi.Rollups;
using Kpi.Rollups.Cells;
using Kpi.Rollups.Identity;
using Kpi.Rollups.Lanes;
using Kpi.Rollups.Store;
using Kpi.Rollups.Time;
using Kpi.SloEngine;
using Kpi.SloEngine.Definitions;
using Kpi.SloEngine.Evaluation;
using Kpi.SloEngine.Status;
using Kpi.Tests.SloEngine.Definitions;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kpi.Tests.SloEngine;

/// <summary>Rollups over a real store in a folder of their own, definitions on disk, and a way to send requests in.</summary>
internal sealed class Platform : IAsyncDisposable
{
    public const string Tiers = """
        version: 1
        current: 1k
        users: null
        tiers:
          - {id: 1k, users: 1000, name: 1k}
          - {id: 100k, users: 100000, name: 100k}
          - {id: 1m, users: 1000000, name: 1M}
        """;

    public const string Kpis = """
        version: 1
        entryServices: []
        excludedRoutes: [/health]
        excludeSynthetic: true
        kpis:
          - id: p99_latency
            name: P99 latency
            unit: s
            kind: quantile
            metrics: ['{"http.server.request.duration"}']
            quantile: 0.99
            ownExcludedRoutes: [/stream]
            abortLimit: 0.01
            targets: {1k: 200ms, 100k: 150ms, 1m: 100ms}
          - id: uptime
            name: Uptime
            unit: '1'
            kind: uptime
            targets: {1k: 99.9%, 100k: 99.95%, 1m: 99.99%}
          - id: error_rate
            name: Error rate
            unit: '1'
            kind: error_ratio
            metrics: ['{"http.server.request.duration"}', '{"rpc.server.call.duration"}']
            abortLimit: 0.01
            targets: {1k: 1%, 100k: 0.1%, 1m: 0.01%}
          - id: db_query_time
            name: DB query time
            unit: s
            kind: quantile
            metrics: ['{"db.client.operation.duration", "db.system.name"="postgresql"}']
            quantile: 0.95
            guard: {quantile: 0.99, factor: 2.5}
            counted: queries
            targets: {1k: 50ms, 100k: 20ms, 1m: 10ms}
        """;

    /// <summary>To be appended to <see cref="Kpis"/>: the cache's KPI, fifth.</summary>
    public const string CacheKpi = """

          - id: cache_hit_ratio
            name: Cache hit ratio
            unit: '1'
            kind: cache_hit_ratio
            reads: ['{"app.cache.reads", "app.cache.outcome"=~"l1_hit|l2_hit|stale_hit|negative_hit|coalesced|load|load_error"}']
            loads: ['{"app.cache.reads", "app.cache.outcome"=~"load|load_error"}']
            bypasses: ['{"app.cache.reads", "app.cache.outcome"="bypass"}']
            layers:
              - name: L1
                hits: ['{"app.cache.reads", "app.cache.outcome"="l1_hit"}']
                misses: ['{"app.cache.reads", "app.cache.outcome"=~"l2_hit|stale_hit|negative_hit|coalesced|load|load_error"}']
              - name: L2
                hits: ['{"app.cache.reads", "app.cache.outcome"=~"l2_hit|stale_hit|negative_hit"}']
                misses: ['{"app.cache.reads", "app.cache.outcome"=~"coalesced|load|load_error"}']
            targets: {1k: 80%, 100k: 90%, 1m: 95%}
        """;

    public static readonly IngestEndpoints Endpoints = new("127.0.0.1:4317", "127.0.0.1:4318");

    private readonly DirectoryInfo data;
    private readonly TimeProvider clock;
    private StatusEngine? engine;

    private Platform(DirectoryInfo data, AlertsFolder alerts, TimeProvider clock, IRollupStore store, Rollup rollup)
    {
        this.data = data;
        this.clock = clock;
        Alerts = alerts;
        Store = store;
        Rollup = rollup;
        var reader = new DefinitionsReader(ProblemOf);
        Watch = new DefinitionsWatch(reader, alerts.FullName, reader.Read(alerts.FullName));
    }

    public AlertsFolder Alerts { get; }

    public IRollupStore Store { get; }

    public Rollup Rollup { get; }

    public DefinitionsWatch Watch { get; }

    public DateTimeOffset Now => clock.GetUtcNow();

    /// <summary>Made when first asked for.</summary>
    public StatusEngine Engine => engine ??= new StatusEngine(Rollup, Watch, Endpoints, "1.0-test", clock, NullLoggerFactory.Instance);

    /// <param name="around">Puts a store around the real one.</param>
    public static async Task<Platform> StartAsync(
        TimeProvider clock, string kpis = Kpis, string tiers = Tiers, Func<IRollupStore, IRollupStore>? around = null, RollupLimits? limits = null)
    {
        var data = Directory.CreateTempSubdirectory("kpi-engine-");
        IRollupStore store = SqliteRollupStore.Open(Path.Combine(data.FullName, "rollups.db"), limits);
        store = around?.Invoke(store) ?? store;
        var rollup = await Rollup.OpenAsync(
            store, limits ?? new RollupLimits(), Guid.NewGuid(), clock, NullLoggerFactory.Instance, CancellationToken.None);
        return new Platform(data, new AlertsFolder(kpis, tiers), clock, store, rollup);
    }

    /// <summary>A context of its own beside that of <see cref="Engine"/>, for tests of a single evaluator.</summary>
    public StatusContext NewContext() => new(Watch, Rollup, Endpoints, "1.0-test", NullLogger<StatusContext>.Instance);

    /// <summary>An HTTP server's series, made by spans.</summary>
    public ActiveSeries Http(string service, string status = "200", string route = "/buy") => Distribution(
        ("__name__", "http.server.request.duration"),
        ("service.name", service),
        ("http.response.status_code", status),
        ("http.route", route),
        ("kpi.from", "spans"));

    public ActiveSeries Distribution(params (string Name, string Value)[] labels) =>
        Rollup.Catalog.GetOrAdd(SeriesKind.Distribution, "s", Labels.Of(labels), out _);

    /// <summary>Sends requests of one series that ended some time ago; returns when they are applied.</summary>
    public async Task PostAsync(ActiveSeries series, IEnumerable<double> seconds, TimeSpan ago = default, uint weight = 1)
    {
        var slice = Slice.Of(UnixNanos.From(clock.GetUtcNow() - ago)).Number;
        var batch = new SampleBatch { ReceivedAt = clock.GetTimestamp() };
        foreach (var value in seconds)
        {
            batch.Add(new DurationSample((long)Math.Round(value * 1e9), series.Slot, slice, weight * DurationSample.One));
        }

        Assert.True(Rollup.Lanes.TryPost(batch));
        await batch.Applied;
    }

    /// <summary>Sends a point of an HTTP server's own histogram, bounds 0.1, 0.2 and 0.5 s, of what it counted since the one before.</summary>
    public async Task MeasureAsync(string service, long[] counts, TimeSpan ago = default, string status = "200")
    {
        var labels = Labels.Of(
            ("__name__", "http.server.request.duration"), ("service.name", service), ("http.response.status_code", status), ("http.route", "/buy"));
        var series = Rollup.Catalog.GetOrAdd(SeriesKind.Histogram, "s", labels, out _);
        var time = UnixNanos.From(clock.GetUtcNow() - ago);
        var batch = new SampleBatch { ReceivedAt = clock.GetTimestamp() };
        counts.CopyTo(batch.AddBuckets(counts.Length, out var at));
        batch.Add(new HistogramSample
        {
            Slot = series.Slot,
            Time = time,
            Start = new UnixNanos(time.Value - 60_000_000_000),
            IsIncrease = true,
            Layout = HistogramLayout.Of([0.1, 0.2, 0.5]),
            Count = counts.Sum(),
            Sum = double.NaN,
            Min = double.NaN,
            Max = double.NaN,
            BucketsAt = at,
            PositiveLength = counts.Length,
        });
        Assert.True(Rollup.Lanes.TryPost(batch));
        await batch.Applied;
    }

    /// <summary>Lets a counter gain; returns when that is applied. The only place here that knows how counters go to the lanes.</summary>
    public async Task CountAsync(Labels labels, double increase, TimeSpan ago = default)
    {
        var series = Rollup.Catalog.GetOrAdd(SeriesKind.Counter, "{read}", labels, out _);
        var time = UnixNanos.From(clock.GetUtcNow() - ago);
        var batch = new SampleBatch { ReceivedAt = clock.GetTimestamp() };
        batch.Add(CounterSample.Increase(series.Slot, start: default, time, increase));
        Assert.True(Rollup.Lanes.TryPost(batch));
        await batch.Applied;
    }

    /// <summary>Lets the store keep itself in order, some steps at most.</summary>
    public async Task MaintainAsync(int steps = int.MaxValue)
    {
        while (steps-- > 0 && await Store.MaintainAsync(Slice.Of(UnixNanos.Now(clock)), CancellationToken.None))
        {
        }
    }

    public Task FlushAsync() => Rollup.Flusher.FlushAsync(CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        if (engine is not null)
        {
            await engine.DisposeAsync();
        }

        await Rollup.DisposeAsync();
        Alerts.Dispose();
        data.Delete(recursive: true);
    }

    private static string? ProblemOf(string selector) => SelectorParser.TryParse(selector, out _, out var error) ? null : error.ToString();
}
