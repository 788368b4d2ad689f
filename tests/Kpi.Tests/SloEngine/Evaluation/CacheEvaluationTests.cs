using Kpi.Rollups.Identity;
using Kpi.Rollups.Time;
using Kpi.SloEngine.Definitions;
using Kpi.SloEngine.Evaluation;
using Kpi.SloEngine.Status;
using Kpi.Tests.SloEngine.Definitions;

namespace Kpi.Tests.SloEngine.Evaluation;

public sealed class CacheEvaluationTests
{
    private const int SlicesPerStep = 3;
    private const int Kpi = 4;
    private static readonly SliceRange Range = new(new Slice(1_000), new Slice(1_008));

    private readonly WindowTotals totals = Totals(Platform.Kpis + Platform.CacheKpi);

    [Fact]
    public void The_ratio_is_pooled_over_instances_and_caches()
    {
        // Instance a: 900 of 1,000 hit; instance b: none of 100. The mean of ratios is 45 %; the users saw 81.8 %.
        Count("l2_hit", 900, "a");
        Count("load", 100, "a");
        Count("load", 60, "b");
        Count("load", 40, "b", cache: "carts");
        var kpi = Evaluate();
        Assert.Equal(900 / 1_100.0, kpi.Value);
        Assert.Equal((900.0, 1_100.0, 1_100L), (kpi.Numerator, kpi.Denominator, kpi.N));
        Assert.Equal("metrics", kpi.Source);
        Assert.Equal(new Slice(1_000).End.ToDateTimeOffset(), kpi.Newest);
        Assert.InRange(kpi.Value!.Value, kpi.Low!.Value, kpi.High!.Value);
        Assert.Null(kpi.Shares);
        Assert.Null(kpi.Quantile);
        Assert.Null(kpi.Worst);
    }

    /// <summary>Golden composition: L1 80 % and L2 50 % of what reached it are 90 % together.</summary>
    [Fact]
    public void Layers_are_judged_on_the_reads_that_reached_them_and_compose_to_the_effective_ratio()
    {
        Count("l1_hit", 8_000);
        Count("l2_hit", 1_000);
        Count("load", 1_000);
        var kpi = Evaluate();
        Assert.Equal([new("L1", 0.8, 8_000, 2_000), new("L2", 0.5, 1_000, 1_000)], kpi.Layers!);
        Assert.Equal(0.9, kpi.Value);
        Assert.Equal(1 - ((1 - 0.8) * (1 - 0.5)), kpi.Value!.Value, 1e-15);
    }

    [Fact]
    public void Who_waited_for_a_load_hit_in_the_effective_ratio_and_missed_in_the_layer()
    {
        Count("load", 100);
        Count("coalesced", 900);
        Count("l2_hit", 1_000);
        var kpi = Evaluate();
        Assert.Equal(0.95, kpi.Value);
        Assert.Equal(new LayerStatus("L2", 0.5, 1_000, 1_000), kpi.Layers![1]);
    }

    [Fact]
    public void Stale_and_negative_hits_hit_and_a_failed_load_misses()
    {
        Count("stale_hit", 10);
        Count("negative_hit", 20);
        Count("load_error", 70);
        var kpi = Evaluate();
        Assert.Equal(0.3, kpi.Value);
        Assert.Equal(new LayerStatus("L2", 0.3, 30, 70), kpi.Layers![1]);
    }

    [Fact]
    public void What_bypassed_the_cache_is_in_no_denominator()
    {
        Count("l2_hit", 90);
        Count("load", 10);
        Count("bypass", 5_000);
        var kpi = Evaluate();
        Assert.Equal((0.9, 100.0, 100L), (kpi.Value, kpi.Denominator, kpi.N));
        Assert.Equal(new LayerStatus("L2", 0.9, 90, 10), kpi.Layers![1]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)] // cumulative counters go on reporting what no longer grows
    public void A_cache_with_nothing_but_bypasses_is_unavailable_and_not_cold(bool othersStillHeard)
    {
        if (othersStillHeard)
        {
            Count("l2_hit", 0);
            Count("load", 0);
        }

        Count("bypass", 1_234);
        var kpi = Evaluate();
        Assert.Equal([null, null, null, null, null], new[] { kpi.Value, kpi.Low, kpi.High, kpi.Numerator, kpi.Denominator });
        Assert.Null(kpi.N);
        Assert.All(kpi.Verdicts.Values, verdict => Assert.Equal("not_measured", verdict));
        Assert.Equal("unavailable: the cache was bypassed by all 1,234 reads", kpi.Note);
        Assert.All(kpi.Layers!, layer => Assert.Null(layer.Ratio));
        Assert.Equal([null, null, null], kpi.Spark);
        Assert.NotNull(kpi.Newest);
    }

    [Fact]
    public void Without_a_counter_nobody_measures_and_the_layers_are_named_all_the_same()
    {
        var kpi = Evaluate();
        Assert.Equal("nobody measures this yet", kpi.Note);
        Assert.Equal("not_measured", kpi.Verdicts["1k"]);
        Assert.Equal([new("L1", null, null, null), new("L2", null, null, null)], kpi.Layers!);
        Assert.Null(kpi.Source);
        Assert.Equal([null, null, null], kpi.Spark);
    }

    [Fact]
    public void Heard_and_idle_is_no_figure_but_is_measured()
    {
        Count("l2_hit", 0);
        Count("load", 0);
        var kpi = Evaluate();
        Assert.Null(kpi.Value);
        Assert.Equal((0.0, 0L), (kpi.Denominator, kpi.N));
        Assert.Equal("insufficient_data", kpi.Verdicts["1k"]);
        Assert.Equal("needs at least 14 reads, has 0", kpi.Note);
    }

    [Fact]
    public void A_layer_whose_hits_were_never_heard_is_taken_for_absent_and_not_for_cold()
    {
        Count("l2_hit", 60);
        Count("load", 40);
        Assert.Equal([new("L1", null, null, 100), new("L2", 0.6, 60, 40)], Evaluate().Layers!);
        Count("l1_hit", 0); // heard: it is there, and cold
        Assert.Equal(new LayerStatus("L1", 0, 0, 100), Evaluate().Layers![0]);
    }

    [Fact]
    public void All_hits_and_no_hit_have_one_sided_intervals()
    {
        Count("load", 100);
        Count("l2_hit", 0);
        var none = Evaluate();
        Assert.Equal((0.0, 0.0), (none.Value, none.Low));
        Assert.Equal(1 - Math.Pow(0.05, 1 / 100.0), none.High!.Value, 1e-12);
        var all = Evaluate(
            Platform.Kpis + Platform.CacheKpi, totals => Add(totals, "l2_hit", 100), totals => Add(totals, "load", 0));
        Assert.Equal((1.0, 1.0), (all.Value, all.High));
        Assert.Equal(Math.Pow(0.05, 1 / 100.0), all.Low!.Value, 1e-12);
        Assert.Equal("pass", all.Verdicts["1m"]);
    }

    [Fact]
    public void More_loads_than_reads_are_no_negative_ratio_and_no_certainty()
    {
        var kpi = Evaluate(
            WithOwnLoads, totals => Add(totals, "l2_hit", 100), totals => Add(totals, "loaded", 105, name: "app.cache.loads"));
        Assert.Equal((0.0, 0.0, 100.0), (kpi.Value, kpi.Numerator, kpi.Denominator));
        Assert.Equal((0.0, 1.0), (kpi.Low, kpi.High));
        Assert.All(kpi.Verdicts.Values, verdict => Assert.Equal("at_risk", verdict));
        Assert.Equal("the counters disagree: 105 loads for 100 reads", kpi.Note);
        Assert.Equal(0, kpi.Spark[0]);
    }

    [Fact]
    public void When_nobody_counts_loads_all_hits_are_not_believed()
    {
        Count("l2_hit", 5_000);
        var kpi = Evaluate();
        Assert.Equal((1.0, "at_risk"), (kpi.Value, kpi.Verdicts["1k"]));
        Assert.Equal("no load was counted: either every read hit, or nobody counts loads", kpi.Note);
    }

    [Fact]
    public void Series_without_an_outcome_are_no_hits()
    {
        Count("l2_hit", 50);
        Count("load", 50);
        var overflow = Series.Of(SeriesKind.Counter, "", Labels.Of(("__name__", "app.cache.reads"), (LabelNames.Overflow, "true")));
        Assert.False(totals.Wants(overflow));
        Assert.False(totals.Wants(Reads("unheard_of", "a", "products")));
        Assert.True(totals.Wants(Reads("bypass", "a", "products")));
    }

    [Fact]
    public void Prometheus_spelling_selects_the_same_counters()
    {
        var spelled = (Platform.Kpis + Platform.CacheKpi)
            .Replace("""{"app.cache.reads", "app.cache.outcome" """.TrimEnd(), "app_cache_reads_total{app_cache_outcome");
        Assert.DoesNotContain("app.cache", spelled, StringComparison.Ordinal);
        var kpi = Evaluate(spelled, totals => Add(totals, "l2_hit", 80), totals => Add(totals, "load", 20));
        Assert.Equal((0.8, 100L), (kpi.Value, kpi.N));
    }

    [Fact]
    public void Each_step_has_its_own_ratio_and_steps_without_reads_have_none()
    {
        Count("l2_hit", 30, slice: 1_000);
        Count("load", 10, slice: 1_002);
        Count("bypass", 10, slice: 1_003);
        Count("load", 5, slice: 1_008);
        Assert.Equal([0.75, null, 0], Evaluate().Spark);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Sums_are_those_of_the_cells_however_they_are_split(int seed)
    {
        string[] outcomes = ["l1_hit", "l2_hit", "stale_hit", "negative_hit", "coalesced", "load", "load_error", "bypass"];
        var random = new Random(seed);
        List<(string Outcome, int Gain, int Slice)> all =
            [.. Enumerable.Range(0, 300).Select(_ => (outcomes[random.Next(8)], random.Next(0, 50), random.Next(1_000, 1_009)))];
        var kept = Totals(Platform.Kpis + Platform.CacheKpi);
        foreach (var (outcome, gain, slice) in all)
        {
            Add(random.Next(2) == 0 ? kept : totals, outcome, gain, $"instance{random.Next(3)}", $"cache{random.Next(2)}", slice);
        }

        totals.Add(kept);
        var kpi = Evaluate();
        Assert.Equal(RatioOf(all), kpi.Value);
        Assert.Equal(SumOf(all, "load", "load_error"), kpi.Denominator - kpi.Numerator);
        Assert.Equal(SumOf(all, outcomes[..7]), kpi.Denominator);
        Assert.Equal((SumOf(all, "l1_hit"), SumOf(all, outcomes[1..7])), (kpi.Layers![0].Hits, kpi.Layers[0].Misses));
        Assert.Equal((SumOf(all, outcomes[1..4]), SumOf(all, outcomes[4..7])), (kpi.Layers[1].Hits, kpi.Layers[1].Misses));
        Assert.Equal(
            Enumerable.Range(0, 3).Select(step => RatioOf([.. all.Where(a => (a.Slice - 1_000) / SlicesPerStep == step)])), kpi.Spark);
    }

    [Fact]
    public void A_counter_beyond_all_reason_breaks_no_evaluation()
    {
        Count("l2_hit", 1e30);
        Count("load", 1e15);
        var kpi = Evaluate();
        Assert.InRange(kpi.Value!.Value, 0.99, 1);
        Assert.Equal("pass", kpi.Verdicts["1k"]);
    }

    private static string WithOwnLoads => (Platform.Kpis + Platform.CacheKpi)
        .Replace("""loads: ['{"app.cache.reads", "app.cache.outcome"=~"load|load_error"}']""", "loads: ['app_cache_loads_total']");

    private static long? SumOf(List<(string Outcome, int Gain, int Slice)> cells, params string[] outcomes) =>
        cells.Where(c => outcomes.Contains(c.Outcome)).Sum(c => (long)c.Gain);

    private static double? RatioOf(List<(string Outcome, int Gain, int Slice)> cells)
    {
        double reads = cells.Where(c => c.Outcome != "bypass").Sum(c => c.Gain);
        double loads = cells.Where(c => c.Outcome is "load" or "load_error").Sum(c => c.Gain);
        return reads == 0 ? null : (reads - loads) / reads;
    }

    private static KpiStatus Evaluate(string kpis, params Action<WindowTotals>[] fill)
    {
        var totals = Totals(kpis);
        foreach (var one in fill)
        {
            one(totals);
        }

        return Evaluate(totals, kpis);
    }

    private static KpiStatus Evaluate(WindowTotals totals, string kpis)
    {
        using var folder = new AlertsFolder(kpis, Platform.Tiers);
        DefinitionSet definitions = folder.Read().Definitions!;
        return KpiEvaluation.Evaluate(definitions.Kpis.Kpis[Kpi], definitions.Tiers, totals.Kpis[Kpi]);
    }

    private static WindowTotals Totals(string kpis) => new(SeriesRolesTests.Roles(kpis), kpiCount: 5, new WindowFrame(Range, SlicesPerStep));

    private static Series Reads(string outcome, string instance, string cache, string name = "app.cache.reads") => Series.Of(
        SeriesKind.Counter,
        "{read}",
        Labels.Of(
            ("__name__", name),
            ("app.cache.name", cache),
            ("app.cache.outcome", outcome),
            ("service.name", "shop"),
            ("service.instance.id", instance)));

    private static void Add(
        WindowTotals totals,
        string outcome,
        double gain,
        string instance = "a",
        string cache = "products",
        int slice = 1_000,
        string name = "app.cache.reads")
    {
        var series = Reads(outcome, instance, cache, name);
        Assert.True(totals.Wants(series));
        totals.Visit(series, new Slice(slice), Cells.Gain(gain));
    }

    private void Count(string outcome, double gain, string instance = "a", string cache = "products", int slice = 1_000) =>
        Add(totals, outcome, gain, instance, cache, slice);

    private KpiStatus Evaluate() => Evaluate(totals, Platform.Kpis + Platform.CacheKpi);
}
