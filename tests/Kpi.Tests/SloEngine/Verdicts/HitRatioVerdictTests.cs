using FsCheck;
using FsCheck.Fluent;
using Kpi.SloEngine.Verdicts;
using Interval = Kpi.SloEngine.Verdicts.Interval;

namespace Kpi.Tests.SloEngine.Verdicts;

public sealed class HitRatioVerdictTests
{
    [Theory]
    [InlineData(0.8, 14)]
    [InlineData(0.9, 29)]
    [InlineData(0.95, 59)]
    public void The_minimum_evidence_is_that_of_the_misses_allowed(double target, long needed)
    {
        Assert.Equal(new Judgement(Verdict.InsufficientData, new TooFewEvents(needed, needed - 1)), Judge(needed - 1, 0, target));
        Assert.Equal(Verdict.InsufficientData, Judge(needed - 1, needed - 1, target).Verdict); // all missed: evidence goes before fail
        Assert.Equal(Verdict.Pass, Judge(needed, 0, target).Verdict);
    }

    /// <summary>A billion reads leave no statistical doubt: the allowance of 20 % is used up to nine tenths at 18 % misses.</summary>
    [Theory]
    [InlineData(180_000_000, Verdict.Pass)]
    [InlineData(180_000_001, Verdict.AtRisk)]
    [InlineData(199_900_000, Verdict.AtRisk)]
    [InlineData(200_000_000, Verdict.AtRisk)] // exactly 80 %: the interval straddles
    [InlineData(200_100_000, Verdict.Fail)]
    public void Less_than_a_tenth_of_the_misses_allowed_left_is_at_risk(long loads, Verdict expected) =>
        Assert.Equal(expected, Judge(1_000_000_000, loads, 0.8).Verdict);

    [Fact]
    public void A_fail_says_how_far_below_the_target_it_is() =>
        Assert.Equal(0.05, Assert.IsType<MissesTarget>(Judge(100_000, 25_000, 0.8).Reason).Over, 1e-12);

    [Fact]
    public void An_interval_that_straddles_is_too_close_to_call()
    {
        var judgement = Judge(100, 15, 0.8); // 85 %, known to seven points or so
        Assert.Equal(Verdict.AtRisk, judgement.Verdict);
        Assert.Equal(100, Assert.IsType<TooCloseToCall>(judgement.Reason).Seen);
    }

    [Theory]
    [InlineData(1_000, 1_001, Verdict.AtRisk)]
    [InlineData(1_000, 1_000, Verdict.Fail)] // nothing hit, and nothing contradicts it
    [InlineData(10, 50, Verdict.InsufficientData)]
    public void Counters_that_contradict_each_other_fail_nobody(long reads, long loads, Verdict expected) =>
        Assert.Equal(expected, Judge(reads, loads, 0.8).Verdict);

    [Fact]
    public void Contradictory_counters_give_a_ratio_of_zero_and_an_interval_of_everything()
    {
        var measured = new CacheMeasurement(100, 130);
        Assert.Equal((0.0, new Interval(0, 1)), (measured.Ratio, measured.Interval));
    }

    [Fact]
    public void Unheard_loads_make_a_pass_at_risk() =>
        Assert.Equal(new Judgement(Verdict.AtRisk, new NoLoadCounted()), VerdictMath.HitRatio(new CacheMeasurement(1_000, null), 0.8));

    [Fact]
    public void Nothing_is_ever_out_of_range_and_more_loads_never_make_a_better_verdict()
    {
        var counts =
            from reads in Gen.Choose(0, 20_000)
            from some in Gen.Choose(0, 22_000)
            from more in Gen.Choose(0, 3_000)
            select (reads, some, more);
        Prop.ForAll(counts.ToArbitrary(), count =>
        {
            var measured = new CacheMeasurement(count.reads, count.some);
            var (low, high) = measured.Interval;
            var ratio = measured.Ratio ?? 0;
            var worse = count.some + count.more;
            return low >= 0 && low <= ratio + 1e-15 && ratio <= high + 1e-15 && high <= 1
                && (worse > count.reads || Judge(count.reads, count.some, 0.8).Verdict <= Judge(count.reads, worse, 0.8).Verdict);
        }).QuickCheckThrowOnFailure();
    }

    private static Judgement Judge(long reads, long loads, double target) =>
        VerdictMath.HitRatio(new CacheMeasurement(reads, loads), target);
}
