using Kpi.Rollups.Cells;
using Kpi.Rollups.Time;
using Kpi.SloEngine.Definitions;
using Kpi.SloEngine.Evaluation;
using Kpi.SloEngine.Status;
using Kpi.Tests.Rollups.Cells;
using Kpi.Tests.SloEngine.Definitions;

namespace Kpi.Tests.SloEngine.Evaluation;

public sealed class KpiEvaluationTests
{
    private static readonly DefinitionSet Definitions = Read();
    private static readonly EdgeSet LatencyEdges = EdgeSet.Of([0.1, 0.15, 0.2]);
    private static readonly EdgeSet QueryEdges = EdgeSet.Of([0.01, 0.02, 0.025, 0.05, 0.125]);

    private readonly KpiTotals totals = new(steps: 3);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_quantile_is_within_one_percent_and_its_shares_are_counts(int seed)
    {
        var random = new Random(seed);
        double[] seconds = [.. Enumerable.Range(0, 5_000).Select(_ => Math.Exp((random.NextDouble() * 4) - 4))];
        Take(RequestOutcome.Good, Cells.Of(LatencyEdges, seconds));
        var kpi = Evaluate("p99_latency");
        var exact = seconds.Order().ElementAt((int)Math.Ceiling(0.99 * seconds.Length) - 1);
        Assert.Equal(exact, kpi.Value!.Value, exact / 100);
        Assert.InRange(exact, kpi.Low!.Value, kpi.High!.Value);
        foreach (var (tier, target) in kpi.Targets)
        {
            Assert.Equal(seconds.Count(s => s <= target) / 5_000.0, kpi.Shares![tier]);
        }

        Assert.Equal(kpi.Shares!["1k"], kpi.Numerator);
        Assert.Equal(5_000, kpi.Denominator);
        Assert.Equal(5_000, kpi.N);
        Assert.Equal("spans", kpi.Source);
        Assert.Null(kpi.Coverage);
        Assert.Equal(kpi.Value, kpi.Spark[0]);
        Assert.Equal([null, null], kpi.Spark.Skip(1));
    }

    [Fact]
    public void What_nobody_measured_is_null_everywhere()
    {
        foreach (var id in new[] { "p99_latency", "uptime", "error_rate", "db_query_time" })
        {
            var kpi = Evaluate(id);
            Assert.Equal(
                [null, null, null, null, null, null], new[] { kpi.Value, kpi.Low, kpi.High, kpi.Numerator, kpi.Denominator, kpi.Coverage });
            Assert.Null(kpi.N);
            Assert.Null(kpi.Source);
            Assert.Null(kpi.Newest);
            Assert.Equal(["not_measured", "not_measured", "not_measured"], kpi.Verdicts.Values);
            Assert.Equal(["1k", "100k", "1m"], kpi.Targets.Keys);
            Assert.Equal([null, null, null], kpi.Spark);
        }

        Assert.Equal([null, null, null], Evaluate("p99_latency").Shares!.Values);
        Assert.Null(Evaluate("error_rate").Shares);
        Assert.Null(Evaluate("uptime").Shares);
    }

    [Fact]
    public void Each_tier_has_its_verdict()
    {
        // P99 120 ms; 99.5 % within 150 ms, known to one percent or so; none within 100 ms.
        Take(RequestOutcome.Good, Cells.Of(LatencyEdges, [.. Enumerable.Repeat(0.12, 995), .. Enumerable.Repeat(0.18, 5)]));
        Assert.Equal(["pass", "at_risk", "fail"], Evaluate("p99_latency").Verdicts.Values);
    }

    [Fact]
    public void Too_few_requests_make_no_verdict()
    {
        Take(RequestOutcome.Good, Cells.Of(LatencyEdges, Enumerable.Repeat(0.01, 298)));
        var latency = Evaluate("p99_latency");
        Assert.Equal(["insufficient_data", "insufficient_data", "insufficient_data"], latency.Verdicts.Values);
        Assert.Equal(0.01, latency.Value!.Value, 0.0001);
        Assert.Null(latency.High); // 298 values do not bound a P99 from above
        Assert.Equal("insufficient_data", Evaluate("error_rate").Verdicts["1k"]);
        Take(RequestOutcome.Good, Cells.Of(LatencyEdges, [0.01]));
        Assert.Equal(["pass", "pass", "pass"], Evaluate("p99_latency").Verdicts.Values);
        Assert.Equal(["pass", "insufficient_data", "insufficient_data"], Evaluate("error_rate").Verdicts.Values);
    }

    [Fact]
    public void A_guard_can_only_worsen()
    {
        // 96 % within 20 ms, but 3 % take longer than 50 ms: P95 is fine at 100k, and the guard (99 % within 50 ms) is not.
        Take(RequestOutcome.Good, Cells.Of(QueryEdges, [.. Enumerable.Repeat(0.004, 9_700), .. Enumerable.Repeat(0.06, 300)]));
        Assert.Equal(["pass", "fail", "fail"], Evaluate("db_query_time").Verdicts.Values);
    }

    [Fact]
    public void An_error_ratio_is_bad_over_valid_and_aborted_are_neither()
    {
        Take(RequestOutcome.Good, Cells.Of(LatencyEdges, Enumerable.Repeat(0.01, 9_900)));
        Take(RequestOutcome.Bad, Cells.Of(LatencyEdges, Enumerable.Repeat(0.01, 20)));
        Take(RequestOutcome.Aborted, Cells.Of(LatencyEdges, Enumerable.Repeat(0.01, 80)));
        var kpi = Evaluate("error_rate");
        Assert.Equal(20, kpi.Numerator);
        Assert.Equal(9_920, kpi.Denominator);
        Assert.Equal(9_920, kpi.N);
        Assert.Equal(20 / 9_920.0, kpi.Value);
        Assert.InRange(kpi.Value!.Value, kpi.Low!.Value, kpi.High!.Value);
        Assert.Equal(["pass", "fail", "insufficient_data"], kpi.Verdicts.Values);
        Assert.Null(kpi.Shares);
        Assert.Equal(10_000, Evaluate("p99_latency").N); // what was aborted lasted at least so long
    }

    [Fact]
    public void Requests_given_up_by_their_callers_make_a_pass_at_risk()
    {
        Take(RequestOutcome.Good, Cells.Of(LatencyEdges, Enumerable.Repeat(0.01, 9_900)));
        Take(RequestOutcome.Aborted, Cells.Of(LatencyEdges, Enumerable.Repeat(0.01, 100)));
        Assert.Equal("pass", Evaluate("p99_latency").Verdicts["1k"]); // one percent itself is allowed
        Assert.Equal("pass", Evaluate("error_rate").Verdicts["1k"]);
        Take(RequestOutcome.Aborted, Cells.Of(LatencyEdges, [0.01]));
        Assert.Equal("at_risk", Evaluate("p99_latency").Verdicts["1k"]);
        Assert.Equal("at_risk", Evaluate("error_rate").Verdicts["1k"]);
    }

    [Fact]
    public void When_all_were_given_up_there_is_no_ratio()
    {
        Take(RequestOutcome.Aborted, Cells.Of(LatencyEdges, Enumerable.Repeat(0.01, 500)));
        var kpi = Evaluate("error_rate");
        Assert.Equal([null, null, null], new[] { kpi.Value, kpi.Low, kpi.High });
        Assert.Equal(0, kpi.Denominator);
        Assert.Equal("insufficient_data", kpi.Verdicts["1k"]);
    }

    [Fact]
    public void Sampled_requests_count_by_weight_and_say_no_more_than_were_seen()
    {
        var random = new Random(5);
        double[] seconds = [.. Enumerable.Range(0, 1_000).Select(_ => Math.Exp((random.NextDouble() * 4) - 4))];
        Take(RequestOutcome.Good, Cells.Of(LatencyEdges, seconds));
        var observed = Evaluate("p99_latency");

        var sampled = With(Cells.Of(LatencyEdges, seconds, weight: 10), "p99_latency");
        Assert.Equal(10_000, sampled.Denominator);
        Assert.Equal(1_000, sampled.N);
        Assert.Equal((observed.Value, observed.Low, observed.High), (sampled.Value, sampled.Low, sampled.High));
        Assert.Equal(observed.Verdicts, sampled.Verdicts);

        var full = With(Cells.Of(LatencyEdges, Enumerable.Repeat(seconds, 10).SelectMany(s => s)), "p99_latency");
        Assert.True(sampled.Low < full.Low && full.High <= sampled.High, "seeing all of them says more");
    }

    [Fact]
    public void A_sampled_error_ratio_is_as_certain_as_what_was_seen()
    {
        Take(RequestOutcome.Good, Cells.Of(LatencyEdges, Enumerable.Repeat(0.01, 995), weight: 10));
        Take(RequestOutcome.Bad, Cells.Of(LatencyEdges, Enumerable.Repeat(0.01, 5), weight: 10));
        var sampled = Evaluate("error_rate");
        Assert.Equal((50.0, 10_000.0, 1_000L, 0.005), (sampled.Numerator, sampled.Denominator, sampled.N, sampled.Value));
        Assert.Equal("at_risk", sampled.Verdicts["1k"]);
    }

    [Fact]
    public void Requests_without_a_duration_count_for_errors_and_not_for_quantiles()
    {
        var cell = Cells.Of(LatencyEdges, []);
        for (var i = 0; i < 400; i++)
        {
            cell.AddValueless(1);
        }

        Take(RequestOutcome.Good, cell);
        Assert.Equal("not_measured", Evaluate("p99_latency").Verdicts["1k"]);
        Assert.Null(Evaluate("p99_latency").Value);
        Assert.Equal(400, Evaluate("error_rate").Denominator);
        Take(RequestOutcome.Good, Cells.Of(LatencyEdges, Enumerable.Repeat(0.01, 600)));
        Assert.Equal((600.0, 600L), (Evaluate("p99_latency").Denominator, Evaluate("p99_latency").N));
    }

    [Fact]
    public void Where_the_target_was_not_counted_the_share_is_between_its_bounds()
    {
        double[] seconds = [.. Enumerable.Range(0, 1_000).Select(i => 0.19 + (i * 0.00002))];
        Take(RequestOutcome.Good, Cells.Of(EdgeSet.None, seconds));
        var share = Evaluate("p99_latency").Shares!["1k"]!.Value;
        Assert.Equal(seconds.Count(s => s <= 0.2) / 1_000.0, share, 0.08); // a bucket is 1.1 % wide: 2 ms, a tenth of these values
        Assert.Equal("fail", Evaluate("p99_latency").Verdicts["1k"]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Counts_near_the_most_that_there_can_be_are_evaluated(int cells)
    {
        for (var i = 0; i < cells; i++)
        {
            foreach (var (outcome, count) in new[] { (RequestOutcome.Good, long.MaxValue - 1_000), (RequestOutcome.Bad, 3_000_000_000_000_000), (RequestOutcome.Aborted, 400_000_000_000_000) })
            {
                var cell = Counted.Cell(Counted.Usual, []);
                cell.Increase.Positive.Add(4, [count]);
                (cell.Increase.Count, cell.Min, cell.Max) = (count, double.NaN, double.NaN);
                totals.Add(new Slice(1), 0, new SeriesRole("shop", outcome, [0], "metrics"), new CountedCell(cell));
            }
        }

        var latency = Evaluate("p99_latency");
        Assert.InRange(latency.Value!.Value, 0.05, 0.075);
        Assert.Equal("pass", latency.Verdicts["1k"]);
        var errors = Evaluate("error_rate");
        Assert.Equal(cells * 3e15 / long.MaxValue, errors.Value!.Value, 1e-4);
        Assert.InRange(errors.Value.Value, errors.Low!.Value, errors.High!.Value);
    }

    private static DefinitionSet Read()
    {
        using var folder = new AlertsFolder(Platform.Kpis, Platform.Tiers);
        return folder.Read().Definitions!;
    }

    private static KpiStatus With(DistributionCell cell, string id)
    {
        var totals = new KpiTotals(steps: 3);
        totals.Add(new Slice(1), 0, new SeriesRole("shop", RequestOutcome.Good, [0], "spans"), new CountedCell(cell));
        return KpiEvaluation.Evaluate(Definitions.Kpis.Kpis.Single(k => k.Id == id), Definitions.Tiers, totals);
    }

    private void Take(RequestOutcome outcome, DistributionCell cell) =>
        totals.Add(new Slice(1), 0, new SeriesRole("shop", outcome, [0], "spans"), new CountedCell(cell));

    private KpiStatus Evaluate(string id) =>
        KpiEvaluation.Evaluate(Definitions.Kpis.Kpis.Single(k => k.Id == id), Definitions.Tiers, totals);
}
