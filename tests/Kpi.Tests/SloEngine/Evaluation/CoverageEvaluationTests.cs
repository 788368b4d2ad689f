using Kpi.Rollups.Coverage;
using Kpi.Rollups.Identity;
using Kpi.Rollups.Lanes;
using Kpi.Rollups.Time;
using Kpi.SloEngine.Evaluation;
using Kpi.SloEngine.Status;
using Kpi.Testing;
using Kpi.Tests.SloEngine.Queries;

namespace Kpi.Tests.SloEngine.Evaluation;

public sealed class CoverageEvaluationTests
{
    private static readonly StatusWindow FiveMinutes = StatusWindow.Live[0];
    private static readonly SourceIdentity Shop = new("shop", "", "", "a1");
    private static readonly Labels Hits = CacheReads("l1_hit");

    private readonly FakeClock clock = new();

    public CoverageEvaluationTests() => clock.Advance(TimeSpan.FromSeconds(5));

    [Fact]
    public async Task A_window_that_was_watched_whole_says_so_and_keeps_its_verdict()
    {
        await using var platform = await Platform.StartAsync(clock);
        platform.Rollup.Coverage.Begin();
        await LiveAsync(platform, 11);
        var status = await platform.Engine.EvaluateAsync(FiveMinutes, CancellationToken.None);
        var kpi = status.Kpis[0];
        Assert.Equal((1.0, "pass"), (kpi.Coverage!.Value, kpi.Verdicts["1k"]));
        Assert.Equal(1.0, Assert.Single(status.Services).Coverage);
        Assert.Equal(status.To.AddSeconds(-10), status.Watermark);
        Assert.Null(status.Kpis[1].Coverage);
    }

    [Fact]
    public async Task With_less_than_nine_tenths_watched_there_is_no_verdict_and_the_words_say_why()
    {
        await using var platform = await Platform.StartAsync(clock);
        platform.Rollup.Coverage.Begin();
        await LiveAsync(platform, 11, missedIn: [3, 4, 8]);
        var kpi = (await platform.Engine.EvaluateAsync(FiveMinutes, CancellationToken.None)).Kpis[0];
        Assert.Equal(8 / 11.0, kpi.Coverage!.Value, 12);
        Assert.All(kpi.Verdicts.Values, v => Assert.Equal("insufficient_data", v));
        Assert.Equal("only 72.7 % of the window was watched", kpi.Note);
        Assert.Equal(0.05, kpi.Value!.Value, 3);
    }

    [Fact]
    public async Task Nine_tenths_are_enough()
    {
        await using var platform = await Platform.StartAsync(clock);
        platform.Rollup.Coverage.Begin();
        await LiveAsync(platform, 10, missedIn: [3]);
        var kpi = (await platform.Engine.EvaluateAsync(FiveMinutes, CancellationToken.None)).Kpis[0];
        Assert.Equal((0.9, "pass"), (kpi.Coverage!.Value, kpi.Verdicts["1k"]));
    }

    [Fact]
    public async Task An_unknown_step_is_a_gap_also_where_something_came_and_a_known_one_without_requests_is_zero()
    {
        await using var platform = await Platform.StartAsync(clock);
        platform.Rollup.Coverage.Begin();
        await LiveAsync(platform, 5, missedIn: [2]);
        clock.Advance(3 * Slice.Length);
        var status = await platform.Engine.EvaluateAsync(FiveMinutes, CancellationToken.None);
        var rates = status.Services[0].Spark.TakeLast(8).ToList();
        Assert.Equal([10, 10, null, 10, 10, 0, 0, null], rates);
        Assert.Equal([true, true, false, true, true, false, false, false], status.Kpis[0].Spark.TakeLast(8).Select(v => v is not null));
    }

    [Fact]
    public async Task A_source_that_fell_silent_leaves_its_kpi_without_a_verdict_even_when_the_window_holds_nothing_of_it()
    {
        await using var platform = await Platform.StartAsync(clock, Platform.Kpis + Platform.CacheKpi);
        platform.Rollup.Coverage.Begin();
        await platform.CountAsync(Hits, 10_000);
        await platform.CountAsync(CacheReads("load"), 100);
        await HearAsync(platform);
        Assert.Equal((1.0, "pass"), await CacheAsync(platform));
        Assert.Equal(1.0, Assert.Single(await SeriesAsync(platform)).Coverage);

        clock.Advance(20 * Slice.Length);
        Assert.Equal((1.0, "pass"), await CacheAsync(platform));
        clock.Advance(20 * Slice.Length);
        Assert.Equal((0.0, "insufficient_data"), await CacheAsync(platform));
        clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal((null, "not_measured"), await CacheAsync(platform));
    }

    [Fact]
    public async Task A_source_that_fell_silent_before_this_process_began_counts_as_well()
    {
        await using var platform = await Platform.StartAsync(clock, Platform.Kpis + Platform.CacheKpi);
        platform.Rollup.Coverage.Begin();
        await platform.CountAsync(Hits, 10_000);
        await HearAsync(platform);
        await platform.FlushAsync();
        clock.Advance(40 * Slice.Length);
        using var later = new WindowEvaluator(FiveMinutes, platform.Rollup, platform.NewContext(), clock);
        var kpi = (await later.EvaluateAsync(CancellationToken.None)).Kpis[4];
        Assert.Equal((0.0, "insufficient_data", "nobody watched in this window"), (kpi.Coverage!.Value, kpi.Verdicts["1k"], kpi.Note));
    }

    [Fact]
    public async Task Several_sources_count_each_and_our_own_gaps_are_gaps_of_all()
    {
        await using var platform = await Platform.StartAsync(clock, Platform.Kpis + Platform.CacheKpi);
        platform.Rollup.Coverage.Begin();
        await platform.CountAsync(Hits, 10_000);
        await platform.CountAsync(CacheReads("load", "a2"), 100);
        await HearAsync(platform, Shop, Shop with { Instance = "a2" });
        platform.Rollup.Coverage.Miss();
        clock.Advance(4 * Slice.Length);
        Assert.Equal((0.8, "insufficient_data"), await CacheAsync(platform));
        clock.Advance(25 * Slice.Length);
        await HearAsync(platform);
        clock.Advance(10 * Slice.Length);
        var cache = await CacheAsync(platform);
        Assert.Equal((0.5, "insufficient_data"), cache);
    }

    private static Labels CacheReads(string outcome, string instance = "a1") => Labels.Of(
        ("__name__", "app.cache.reads"), ("app.cache.outcome", outcome), ("service.name", "shop"), ("service.instance.id", instance));

    private static async Task HearAsync(Platform platform, params SourceIdentity[] sources)
    {
        var batch = new SampleBatch();
        foreach (var source in sources.DefaultIfEmpty(Shop))
        {
            batch.Hear(source, Slice.Of(UnixNanos.From(platform.Now)).Number);
        }

        Assert.True(platform.Rollup.Lanes.TryPost(batch));
        await batch.Applied;
    }

    private static async Task<(double? Coverage, string Verdict)> CacheAsync(Platform platform)
    {
        var kpi = (await platform.Engine.EvaluateAsync(FiveMinutes, CancellationToken.None)).Kpis[4];
        return (kpi.Coverage, kpi.Verdicts["1k"]);
    }

    private static async Task<IReadOnlyList<SeriesStatus>> SeriesAsync(Platform platform) =>
        (await platform.Engine.ReadSeriesAsync(SeriesSelectorTests.Parse("app_cache_reads_total{app_cache_outcome=\"load\"}"), FiveMinutes, CancellationToken.None))!;

    private async Task LiveAsync(Platform platform, int slices, params int[] missedIn)
    {
        for (var i = 0; i < slices; i++)
        {
            if (i > 0)
            {
                clock.Advance(Slice.Length);
            }

            await platform.PostAsync(platform.Http("shop"), Enumerable.Repeat(0.05, 100));
            if (missedIn.Contains(i))
            {
                platform.Rollup.Coverage.Miss();
            }
        }
    }
}
