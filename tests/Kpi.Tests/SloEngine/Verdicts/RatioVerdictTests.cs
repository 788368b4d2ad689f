using FsCheck;
using FsCheck.Fluent;
using Kpi.SloEngine.Kpis;
using Kpi.SloEngine.Verdicts;

namespace Kpi.Tests.SloEngine.Verdicts;

public sealed class RatioVerdictTests
{
    private static readonly ErrorRatioRule Rule = new() { Metrics = ["m"], AbortLimit = 0.01 };

    [Fact]
    public void Without_a_source_it_is_not_measured() =>
        Assert.Equal(new Judgement(Verdict.NotMeasured, new NobodyMeasures()), VerdictMath.Ratio(null, Rule, 0.01));

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0, 298)]
    [InlineData(298, 298)] // even if every request failed: insufficient data goes before fail
    public void Below_the_minimum_evidence_it_is_insufficient(long bad, long valid) =>
        Assert.Equal(new Judgement(Verdict.InsufficientData, new TooFewEvents(299, valid)), Judge(bad, valid, 0.01));

    [Fact]
    public void The_minimum_evidence_without_errors_passes() => Assert.Equal(Verdict.Pass, Judge(0, 299, 0.01).Verdict);

    [Fact]
    public void One_error_in_the_minimum_evidence_is_too_close_to_call()
    {
        var judgement = Judge(1, 299, 0.01);
        Assert.Equal(Verdict.AtRisk, judgement.Verdict);
        Assert.Equal(299, Assert.IsType<TooCloseToCall>(judgement.Reason).Seen);
    }

    /// <summary>Golden request mix: 37 errors of 9,950 valid requests, 0.372 % with the interval 0.262 %..0.512 %.</summary>
    [Theory]
    [InlineData(0.01, Verdict.Pass)]
    [InlineData(0.0052, Verdict.Pass)]
    [InlineData(0.0051, Verdict.AtRisk)]
    [InlineData(0.0027, Verdict.AtRisk)]
    [InlineData(0.0026, Verdict.Fail)]
    [InlineData(0.001, Verdict.Fail)]
    public void The_whole_interval_decides(double target, Verdict expected) => Assert.Equal(expected, Judge(37, 9_950, target).Verdict);

    [Fact]
    public void A_fail_says_by_how_much() =>
        Assert.Equal(0.0027186, Assert.IsType<MissesTarget>(Judge(37, 9_950, 0.001).Reason).Over, 1e-7);

    /// <summary>A billion requests leave no statistical doubt, so that only the tenth of the allowance speaks.</summary>
    [Theory]
    [InlineData(9_000_000, Verdict.Pass)]
    [InlineData(9_000_001, Verdict.AtRisk)]
    [InlineData(9_990_000, Verdict.AtRisk)]
    public void Less_than_a_tenth_of_the_allowance_left_is_at_risk(long bad, Verdict expected)
    {
        var judgement = Judge(bad, 1_000_000_000, 0.01);
        Assert.Equal(expected, judgement.Verdict);
        Assert.Equal(expected == Verdict.AtRisk, judgement.Reason is LittleToSpare);
    }

    [Theory]
    [InlineData(0.01, Verdict.Pass)]
    [InlineData(0.018, Verdict.AtRisk)]
    public void Many_aborts_turn_a_pass_into_at_risk(double aborts, Verdict expected) =>
        Assert.Equal(expected, VerdictMath.Ratio(new(0, 10_000, 10_000, aborts), Rule, 0.01).Verdict);

    [Fact]
    public void Aborts_do_not_soften_a_fail() =>
        Assert.Equal(Verdict.Fail, VerdictMath.Ratio(new(5_000, 10_000, 10_000, 0.5), Rule, 0.01).Verdict);

    [Fact]
    public void Without_a_limit_aborts_are_nobodys_concern() =>
        Assert.Equal(Verdict.Pass, VerdictMath.Ratio(new(0, 10_000, 10_000, 0.5), Rule with { AbortLimit = null }, 0.01).Verdict);

    [Fact]
    public void Certainty_comes_from_the_requests_really_seen()
    {
        Assert.Equal(Verdict.InsufficientData, VerdictMath.Ratio(new(0, 100_000, 100, 0), Rule, 0.01).Verdict);
        Assert.Equal(Verdict.Pass, VerdictMath.Ratio(new(500, 100_000, 100_000, 0), Rule, 0.01).Verdict);
        Assert.Equal(Verdict.AtRisk, VerdictMath.Ratio(new(500, 100_000, 1_000, 0), Rule, 0.01).Verdict);
    }

    [Fact]
    public void A_sampled_ratio_has_the_interval_of_its_sample() =>
        Assert.Equal(ProportionInterval.ClopperPearson(5, 1_000), new RatioMeasurement(500, 100_000, 1_000, 0).Interval);

    [Fact]
    public void More_errors_never_make_a_better_verdict()
    {
        var counts =
            from valid in Gen.Choose(300, 50_000)
            from some in Gen.Choose(0, valid / 20)
            from more in Gen.Choose(0, valid / 20)
            select (valid, some, more);
        Prop.ForAll(counts.ToArbitrary(), count => // Pass < AtRisk < Fail
            Judge(count.some, count.valid, 0.01).Verdict
            <= Judge(count.some + count.more, count.valid, 0.01).Verdict).QuickCheckThrowOnFailure();
    }

    private static Judgement Judge(long bad, long valid, double target) => VerdictMath.Ratio(new(bad, valid, valid, 0), Rule, target);
}
