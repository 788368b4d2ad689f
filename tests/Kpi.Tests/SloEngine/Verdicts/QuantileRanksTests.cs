using Kpi.SloEngine.Verdicts;

namespace Kpi.Tests.SloEngine.Verdicts;

public sealed class QuantileRanksTests
{
    [Theory]
    [InlineData(1_000, 996)]
    [InlineData(5_000, 4_962)]
    [InlineData(10_000, 9_917)]
    [InlineData(299, 299)]
    public void One_sided_bound_of_a_P99_is_the_known_order_statistic(long n, long rank) =>
        Assert.Equal(rank, QuantileRanks.HighRank(0.99, n, 0.05));

    [Fact]
    public void With_298_values_a_P99_has_no_upper_bound() => Assert.Null(QuantileRanks.HighRank(0.99, 298, 0.05));

    [Theory]
    [InlineData(0.99, 100, 99)]
    [InlineData(0.99, 101, 100)]
    [InlineData(0.07, 100, 7)] // 0.07 * 100 is 7.000000000000001 in doubles
    [InlineData(0.29, 100, 29)]
    [InlineData(0.95, 20, 19)]
    [InlineData(0.5, 1, 1)]
    [InlineData(0.999, 1_000_000_000_000, 999_000_000_000)]
    public void Value_rank_is_the_exact_ceiling(double q, long n, long rank) => Assert.Equal(rank, QuantileRanks.For(q, n).Value);

    [Fact]
    public void Ranks_are_those_of_the_summed_tails()
    {
        foreach (var q in (double[])[0.01, 0.3, 0.5, 0.9, 0.95, 0.99])
        {
            for (var n = 1; n <= 120; n++)
            {
                var high = Enumerable.Range(1, n).Where(r => BinomialSum.AtLeast(r, n, q) <= 0.025).Select(r => (long?)r).FirstOrDefault();
                var low = Enumerable.Range(1, n).Where(r => BinomialSum.AtMost(r - 1, n, q) <= 0.025).Select(r => (long?)r).LastOrDefault();
                var ranks = QuantileRanks.For(q, n);
                Assert.Equal((q, n, low, high), (q, n, ranks.Low, ranks.High));
            }
        }
    }

    [Fact]
    public void Few_values_leave_the_ends_open()
    {
        Assert.Equal(new QuantileRanks(10, 8, null), QuantileRanks.For(0.95, 10));
        Assert.Equal(new QuantileRanks(1, null, null), QuantileRanks.For(0.5, 1));
        Assert.Equal(default, QuantileRanks.For(0.99, 0));
    }

    [Fact]
    public void A_trillion_values_are_enclosed_by_two_standard_deviations()
    {
        var ranks = QuantileRanks.For(0.99, 1_000_000_000_000);
        Assert.InRange(ranks.Low!.Value, 990_000_000_000 - 195_020, 990_000_000_000 - 195_005);
        Assert.InRange(ranks.High!.Value, 990_000_000_000 + 195_005, 990_000_000_000 + 195_020);
    }

    [Fact]
    public void Simulated_samples_enclose_the_true_quantile_95_times_in_100()
    {
        var random = new Random(20_261_118);
        const int Samples = 2_000;
        const int Values = 500;
        var ranks = QuantileRanks.For(0.95, Values);
        var enclosed = 0;
        for (var sample = 0; sample < Samples; sample++)
        {
            // Uniform values: the true quantile is q itself, and order statistics do not care for the distribution.
            var sorted = Enumerable.Range(0, Values).Select(_ => random.NextDouble()).Order().ToArray();
            enclosed += sorted[ranks.Low!.Value - 1] <= 0.95 && 0.95 <= sorted[ranks.High!.Value - 1] ? 1 : 0;
        }

        Assert.InRange(enclosed, 0.94 * Samples, 0.98 * Samples);
    }
}
