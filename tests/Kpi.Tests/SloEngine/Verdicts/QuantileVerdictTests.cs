using Kpi.SloEngine.Kpis;
using Kpi.SloEngine.Verdicts;

namespace Kpi.Tests.SloEngine.Verdicts;

public sealed class QuantileVerdictTests
{
    private static readonly QuantileRule LatencyRule = new() { Metrics = ["m"], Quantile = 0.99, AbortLimit = 0.01 };
    private static readonly QuantileRule QueryRule = new() { Metrics = ["m"], Quantile = 0.95, Guard = new(0.99, 2.5) };

    [Fact]
    public void Without_a_source_it_is_not_measured() => Assert.Equal(Judgement.NotMeasured, VerdictMath.Quantile(null, LatencyRule, 0.2));

    [Theory]
    [InlineData(298, Verdict.InsufficientData)]
    [InlineData(299, Verdict.Pass)]
    public void A_P99_needs_299_requests(long n, Verdict expected) => Assert.Equal(expected, Latency(1, n, 0.1).Verdict);

    [Theory]
    [InlineData(58, Verdict.InsufficientData)]
    [InlineData(59, Verdict.Pass)]
    public void A_P95_needs_59_queries(long n, Verdict expected) =>
        Assert.Equal(expected, VerdictMath.Quantile(new(Interval.Exactly(1), Interval.Exactly(1), n, 0.01, 0), QueryRule, 0.05).Verdict);

    /// <summary>Of 10,000 requests: 80 slow ones are surely under 1 %, 120 surely over it, 100 exactly on it.</summary>
    [Theory]
    [InlineData(0.9920, Verdict.Pass)]
    [InlineData(0.9900, Verdict.AtRisk)]
    [InlineData(0.9915, Verdict.AtRisk)]
    [InlineData(0.9885, Verdict.AtRisk)]
    [InlineData(0.9878, Verdict.Fail)]
    public void The_whole_interval_of_the_share_decides(double share, Verdict expected) =>
        Assert.Equal(expected, Latency(share, 10_000, 0.15).Verdict);

    [Fact]
    public void A_fail_says_by_how_much() =>
        Assert.Equal(0.012, Assert.IsType<MissesTarget>(Latency(0.97, 10_000, 0.212).Reason).Over, 1e-12);

    [Theory]
    [InlineData(0.180, Verdict.Pass)]
    [InlineData(0.181, Verdict.AtRisk)]
    public void A_value_above_nine_tenths_of_the_target_is_at_risk(double value, Verdict expected) =>
        Assert.Equal(expected, Latency(0.999, 10_000, value).Verdict);

    [Theory]
    [InlineData(0.01, Verdict.Pass)]
    [InlineData(0.0101, Verdict.AtRisk)]
    public void Many_aborts_turn_a_pass_into_at_risk(double aborts, Verdict expected) =>
        Assert.Equal(expected, VerdictMath.Quantile(new(Interval.Exactly(1), null, 1_000, 0.1, aborts), LatencyRule, 0.2).Verdict);

    [Fact]
    public void Coarse_buckets_are_named_as_the_reason()
    {
        var judgement = VerdictMath.Quantile(new(new Interval(0.95, 1), null, 100_000, 0.15, 0), LatencyRule, 0.2);
        Assert.Equal(new Judgement(Verdict.AtRisk, new BucketsTooCoarse()), judgement);
    }

    [Fact]
    public void Bounds_on_one_side_of_the_target_decide_all_the_same()
    {
        Assert.Equal(Verdict.Pass, VerdictMath.Quantile(new(new Interval(0.995, 1), null, 100_000, 0.15, 0), LatencyRule, 0.2).Verdict);
        Assert.Equal(Verdict.Fail, VerdictMath.Quantile(new(new Interval(0.9, 0.98), null, 100_000, 0.25, 0), LatencyRule, 0.2).Verdict);
    }

    [Theory]
    [InlineData(0.995, Verdict.Pass)]
    [InlineData(0.990, Verdict.Pass)] // the guard asks for its point estimate only: it may worsen, it need not be proven
    [InlineData(0.989, Verdict.AtRisk)]
    [InlineData(0.980, Verdict.Fail)]
    public void A_guard_worsens_a_pass(double guardShare, Verdict expected) => Assert.Equal(expected, Query(0.98, guardShare).Verdict);

    [Fact]
    public void A_guard_never_improves()
    {
        Assert.Equal(Verdict.Fail, Query(0.90, 1).Verdict);
        Assert.IsType<MissesTarget>(Query(0.90, 0.90).Reason);
        Assert.Equal(Verdict.AtRisk, Query(0.95, 1).Verdict);
    }

    [Fact]
    public void A_missed_guard_fails_what_was_too_close_to_call() =>
        Assert.Equal(new Judgement(Verdict.Fail, new MissesGuard(QueryRule.Guard!)), Query(0.95, 0.96));

    [Fact]
    public void An_unknown_guard_share_says_nothing() =>
        Assert.Equal(Verdict.Pass, VerdictMath.Quantile(new(Interval.Exactly(1), null, 1_000, 0.01, 0), QueryRule, 0.05).Verdict);

    private static Judgement Latency(double share, long n, double value) =>
        VerdictMath.Quantile(new(Interval.Exactly(share), null, n, value, 0), LatencyRule, 0.2);

    private static Judgement Query(double share, double guardShare) =>
        VerdictMath.Quantile(new(Interval.Exactly(share), Interval.Exactly(guardShare), 10_000, 0.02, 0), QueryRule, 0.05);
}
