using Kpi.Rollups.Cells;
using Kpi.Rollups.Identity;
using Kpi.Rollups.Time;
using Kpi.SloEngine.Evaluation;
using Kpi.SloEngine.Status;
using Kpi.Tests.SloEngine.Definitions;

namespace Kpi.Tests.SloEngine.Evaluation;

/// <summary>Which shard is slow.</summary>
public sealed class WorstGroupTests
{
    private const int Queries = 3;
    private const string Pool = "db.client.connection.pool.name";
    private static readonly string Definitions = Platform.Kpis.Replace("counted: queries", $"counted: queries\n    worstBy: {Pool}");
    private static readonly EdgeSet Edges = EdgeSet.Of([0.01, 0.02, 0.025, 0.05, 0.125]);
    private static readonly SliceRange Range = new(new Slice(1_000), new Slice(1_008));

    private readonly WindowTotals totals = Totals();

    [Fact]
    public void The_pool_with_the_highest_quantile_is_named_over_all_its_series_and_slices()
    {
        Query("shard-1", Enumerable.Repeat(0.004, 500));
        Query("shard-2", Enumerable.Repeat(0.2, 30)); // 30 of 230: its P95 is the slow one
        Query("shard-2", Enumerable.Repeat(0.003, 200), slice: 1_004, error: "timeout");
        Query("shard-3", [.. Enumerable.Repeat(0.002, 960), .. Enumerable.Repeat(5.0, 40)]); // the largest value, not the largest P95
        var kpi = Evaluate();
        Assert.Equal((Pool, "shard-2", 230L), (kpi.Worst!.Label, kpi.Worst.Name, kpi.Worst.N));
        Assert.Equal(0.2, kpi.Worst.Value, 0.002);
        Assert.Equal(1_730, kpi.N);
    }

    [Fact]
    public void One_pool_alone_is_not_the_worst_of_anything()
    {
        Query("shard-1", Enumerable.Repeat(0.004, 500));
        Query(null, Enumerable.Repeat(0.4, 500));
        Assert.Null(Evaluate().Worst);
    }

    [Fact]
    public void A_pool_with_too_few_queries_is_not_compared()
    {
        Query("shard-1", Enumerable.Repeat(0.004, 500));
        Query("shard-2", Enumerable.Repeat(0.005, 59));
        Query("shard-3", Enumerable.Repeat(0.4, 58)); // a P95 needs 59
        Assert.Equal("shard-2", Evaluate().Worst?.Name);
        Query("shard-3", [0.4]);
        Assert.Equal("shard-3", Evaluate().Worst?.Name);
    }

    [Fact]
    public void Equally_slow_pools_are_named_in_the_order_of_their_names()
    {
        Query("shard-2", Enumerable.Repeat(0.004, 100));
        Query("shard-1", Enumerable.Repeat(0.004, 100));
        Assert.Equal("shard-1", Evaluate().Worst?.Name);
    }

    [Fact]
    public void Without_a_label_in_the_definition_none_is_named()
    {
        var other = new WindowTotals(SeriesRolesTests.Roles(Platform.Kpis), kpiCount: 4, new WindowFrame(Range, 3));
        other.Visit(Pooled("shard-1", "none"), Range.First, Cells.Of(Edges, Enumerable.Repeat(0.004, 100)));
        other.Visit(Pooled("shard-2", "none"), Range.First, Cells.Of(Edges, Enumerable.Repeat(0.004, 100)));
        Assert.Null(other.Kpis[Queries].Groups);
        Assert.Null(Evaluate(other, Platform.Kpis).Worst);
    }

    [Fact]
    public void More_pools_than_a_person_has_shards_are_not_told_apart()
    {
        for (var i = 0; i < GroupTotals.Most; i++)
        {
            Query($"pool{i:D3}", Enumerable.Repeat(0.004, 60));
        }

        Assert.Equal("pool000", Evaluate().Worst?.Name);
        var more = Totals();
        more.Visit(Pooled("one-more", "none"), Range.First, Cells.Of(Edges, Enumerable.Repeat(1.0, 60)));
        totals.Add(more);
        Assert.Null(Evaluate().Worst);
        Assert.Equal((GroupTotals.Most + 1) * 60, Evaluate().N); // nothing is lost but the name
        var later = Totals();
        later.Add(totals);
        Assert.Null(Evaluate(later, Definitions).Worst);
        Assert.Equal((GroupTotals.Most + 1) * 60, Evaluate(later, Definitions).N);
    }

    [Fact]
    public void Telling_pools_apart_changes_no_other_figure()
    {
        var plain = new WindowTotals(SeriesRolesTests.Roles(Platform.Kpis), kpiCount: 4, new WindowFrame(Range, 3));
        var random = new Random(7);
        for (var i = 0; i < 100; i++)
        {
            var series = Pooled(i % 5 == 0 ? null : $"shard-{i % 4}", "none");
            var cell = Cells.Of(Edges, Enumerable.Range(0, 20).Select(_ => random.Next(1, 200) / 1e3));
            plain.Visit(series, new Slice(1_000 + (i % 9)), cell);
            totals.Visit(series, new Slice(1_000 + (i % 9)), cell);
            if (i == 50)
            {
                Assert.Equal(51 * 20, Evaluate().N); // asked in between, as by nobody yet
            }
        }

        var expected = Evaluate(plain, Platform.Kpis);
        var found = Evaluate();
        Assert.NotNull(found.Worst);
        var (spark, targets, verdicts, shares) = (expected.Spark, expected.Targets, expected.Verdicts, expected.Shares);
        Assert.Equal(expected, found with { Worst = null, Spark = spark, Targets = targets, Verdicts = verdicts, Shares = shares });
        Assert.Equal(expected.Spark, found.Spark);
        Assert.Equal(expected.Verdicts, found.Verdicts);
        Assert.Equal(expected.Shares, found.Shares);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Parts_added_up_in_any_order_name_what_a_list_names(int seed)
    {
        var random = new Random(seed);
        var kept = Totals();
        var all = new List<(string Pool, double Seconds)>();
        for (var i = 0; i < 200; i++)
        {
            var pool = $"shard-{random.Next(4)}";
            double[] seconds = [.. Enumerable.Range(0, random.Next(1, 20)).Select(_ => random.Next(1, 400) / 1e3)];
            all.AddRange(seconds.Select(s => (pool, s)));
            (random.Next(2) == 0 ? kept : totals).Visit(
                Pooled(pool, $"error{random.Next(2)}"), new Slice(random.Next(1_000, 1_009)), Cells.Of(Edges, seconds));
        }

        totals.Add(kept);
        var worst = Evaluate().Worst!;
        var byPool = all.GroupBy(a => a.Pool, a => a.Seconds).ToDictionary(
            g => g.Key, g => g.Order().ElementAt((int)Math.Ceiling(0.95m * g.Count()) - 1));
        Assert.Equal(byPool[worst.Name], worst.Value, worst.Value * 0.006);
        Assert.True(byPool[worst.Name] >= byPool.Values.Max() * 0.988, "within the sketch's error of the true worst");
        Assert.Equal(all.Count(a => a.Pool == worst.Name), worst.N);
    }

    private static WindowTotals Totals() => new(SeriesRolesTests.Roles(Definitions), kpiCount: 4, new WindowFrame(Range, 3));

    private static Series Pooled(string? pool, string error) => Series.Of(
        SeriesKind.Distribution,
        "s",
        Labels.Of(
            ("__name__", "db.client.operation.duration"), ("db.system.name", "postgresql"), (Pool, pool ?? ""), ("error.type", error)));

    private static KpiStatus Evaluate(WindowTotals totals, string kpis)
    {
        using var folder = new AlertsFolder(kpis, Platform.Tiers);
        var definitions = folder.Read().Definitions!;
        return KpiEvaluation.Evaluate(definitions.Kpis.Kpis[Queries], definitions.Tiers, totals.Kpis[Queries]);
    }

    private void Query(string? pool, IEnumerable<double> seconds, int slice = 1_000, string error = "none") =>
        totals.Visit(Pooled(pool, error), new Slice(slice), Cells.Of(Edges, seconds));

    private KpiStatus Evaluate() => Evaluate(totals, Definitions);
}
