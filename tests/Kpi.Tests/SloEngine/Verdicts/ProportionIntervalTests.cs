using FsCheck;
using FsCheck.Fluent;
using Kpi.SloEngine.Verdicts;
using Interval = Kpi.SloEngine.Verdicts.Interval;

namespace Kpi.Tests.SloEngine.Verdicts;

public sealed class ProportionIntervalTests
{
    /// <summary>Computed with 40 digits by bisection of the summed binomial tails.</summary>
    [Theory]
    [InlineData(2, 10, 0.02521072632683337, 0.5560954623076415)]
    [InlineData(10, 100, 0.04900468922148596, 0.1762225977400227)]
    [InlineData(1, 1_000, 2.531748749129404e-05, 0.005558924279826673)]
    [InlineData(37, 9_950, 0.002619543252819572, 0.005121983215191364)]
    [InlineData(200, 20_000, 0.008667639013454013, 0.011477547626198552)]
    [InlineData(20_000, 100_000, 0.19752454698109068, 0.2024928650383372)]
    public void Interval_is_that_of_the_summed_tails(long hits, long n, double low, double high)
    {
        var interval = ProportionInterval.ClopperPearson(hits, n);
        Assert.InRange(interval.Low / low, 1 - 1e-8, 1 + 1e-8);
        Assert.InRange(interval.High / high, 1 - 1e-8, 1 + 1e-8);
    }

    /// <summary>At n = 1e12 a handful of hits is Poisson; the limits of its mean are those of the tables.</summary>
    [Theory]
    [InlineData(1, 0.025317807984289876, 5.571643390938899)]
    [InlineData(5, 1.6234863901184204, 11.668332079322669)]
    public void Tiny_ratios_of_a_trillion_keep_their_digits(long hits, double low, double high)
    {
        var interval = ProportionInterval.ClopperPearson(hits, 1_000_000_000_000);
        Assert.InRange(interval.Low * 1e12 / low, 1 - 1e-9, 1 + 1e-9);
        Assert.InRange(interval.High * 1e12 / high, 1 - 1e-9, 1 + 1e-9);
    }

    [Fact]
    public void Half_of_a_trillion_is_normal()
    {
        var interval = ProportionInterval.ClopperPearson(500_000_000_000, 1_000_000_000_000);
        Assert.Equal(0.5 - 0.979982e-6, interval.Low, 1e-11);
        Assert.Equal(0.5 + 0.979982e-6, interval.High, 1e-11);
    }

    [Theory]
    [InlineData(1, 0.95)]
    [InlineData(298, 0.0100024)]
    [InlineData(299, 0.0099691)]
    [InlineData(1_000_000_000_000, 2.995732e-12)]
    public void Zero_hits_leave_five_percent_above(long n, double high)
    {
        var interval = ProportionInterval.ClopperPearson(0, n);
        Assert.Equal(0, interval.Low);
        Assert.Equal(high, interval.High, high * 1e-4);
    }

    [Fact]
    public void All_hits_mirror_zero_hits()
    {
        var interval = ProportionInterval.ClopperPearson(299, 299);
        Assert.Equal(Math.Pow(0.05, 1 / 299.0), interval.Low, 1e-14);
        Assert.Equal(1, interval.High);
    }

    [Fact]
    public void Without_events_anything_is_possible() => Assert.Equal(new Interval(0, 1), ProportionInterval.ClopperPearson(0, 0));

    [Fact]
    public void Hits_outside_zero_to_n_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => ProportionInterval.ClopperPearson(-1, 5));
        Assert.Throws<ArgumentOutOfRangeException>(() => ProportionInterval.ClopperPearson(6, 5));
    }

    /// <summary>
    /// The definition: at the low end the tail above is 2.5 %, at the high end the tail below; nothing between is rejected.
    /// </summary>
    [Fact]
    public void Ends_cut_off_two_and_a_half_percent_each()
    {
        for (var n = 2; n <= 40; n++)
        {
            for (var hits = 1; hits < n; hits++)
            {
                var interval = ProportionInterval.ClopperPearson(hits, n);
                Assert.Equal(0.025, BinomialSum.AtLeast(hits, n, interval.Low), 1e-10);
                Assert.Equal(0.025, BinomialSum.AtMost(hits, n, interval.High), 1e-10);
            }
        }
    }

    [Fact]
    public void Interval_covers_the_truth_at_least_95_percent_of_the_time()
    {
        foreach (var p in (double[])[0.001, 0.01, 0.1, 0.3, 0.5, 0.8, 0.99])
        {
            var covered = Enumerable.Range(0, 61).Sum(hits =>
            {
                var interval = ProportionInterval.ClopperPearson(hits, 60);
                var chance = BinomialSum.AtLeast(hits, 60, p) - (hits == 60 ? 0 : BinomialSum.AtLeast(hits + 1, 60, p));
                return interval.Low <= p && p <= interval.High ? chance : 0;
            });
            Assert.True(covered >= 0.95 - 1e-9 || p < 0.05 || p > 0.95, $"p={p}: {covered}");
            Assert.True(covered >= 0.925 - 1e-9, $"p={p}: {covered}"); // near the ends 5 % on one side and 2.5 % on the other may add up
        }
    }

    [Fact]
    public void Interval_encloses_the_ratio_and_mirrors()
    {
        var counts =
            from exponent in Gen.Choose(0, 1200)
            from millionths in Gen.Choose(0, 1_000_000)
            let n = (long)Math.Pow(10, exponent / 100.0)
            select (hits: (long)(n * (millionths / 1e6)), n);
        Prop.ForAll(counts.ToArbitrary(), count =>
        {
            var interval = ProportionInterval.ClopperPearson(count.hits, count.n);
            var mirrored = ProportionInterval.ClopperPearson(count.n - count.hits, count.n);
            var ratio = (double)count.hits / count.n;
            return interval.Low >= 0 && interval.High <= 1 && interval.Low <= ratio && ratio <= interval.High
                && Math.Abs(interval.Low - (1 - mirrored.High)) < 1e-12 && Math.Abs(interval.High - (1 - mirrored.Low)) < 1e-12;
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void A_share_known_within_bounds_widens_the_interval()
    {
        var around = ProportionInterval.Around(new Interval(0.9, 0.95), 1_000);
        Assert.Equal(ProportionInterval.ClopperPearson(900, 1_000).Low, around.Low, 1e-12);
        Assert.Equal(ProportionInterval.ClopperPearson(950, 1_000).High, around.High, 1e-12);
    }
}
