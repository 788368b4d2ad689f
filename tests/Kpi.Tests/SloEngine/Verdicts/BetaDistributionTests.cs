using FsCheck;
using FsCheck.Fluent;
using Kpi.SloEngine.Verdicts;

namespace Kpi.Tests.SloEngine.Verdicts;

public sealed class BetaDistributionTests
{
    [Fact]
    public void Cdf_is_the_binomial_tail_summed_term_by_term()
    {
        foreach (var n in (int[])[1, 2, 7, 30, 90])
        {
            foreach (var p in (double[])[1e-9, 0.001, 0.05, 0.37, 0.5, 0.9, 0.9999])
            {
                for (var k = 1; k <= n; k++)
                {
                    var expected = BinomialSum.AtLeast(k, n, p);
                    var found = BetaDistribution.Cdf(k, n - k + 1, p);
                    Assert.True(
                        Math.Abs(found - expected) <= 1e-12 * expected + 1e-15,
                        $"k={k} n={n} p={p}: {found} instead of {expected}");
                }
            }
        }
    }

    /// <summary>Computed with 40 digits; parameters below 1 come from sampled counts.</summary>
    [Theory]
    [InlineData(0.001071519305, 1258925.412, 1e-70, 0.854669324083891875)]
    [InlineData(0.001071519305, 1258925.412, 1e-30, 0.943319666270810376)]
    [InlineData(0.001071519305, 1258925.412, 1e-6, 0.999845091299368559)]
    public void Cdf_holds_far_below_one(double a, double b, double x, double expected) =>
        Assert.Equal(expected, BetaDistribution.Cdf(a, b, x), 1e-12);

    [Fact]
    public void Cdf_has_its_ends()
    {
        Assert.Equal(0, BetaDistribution.Cdf(3, 4, 0));
        Assert.Equal(1, BetaDistribution.Cdf(3, 4, 1));
    }

    /// <summary>Either form must agree with the other where one hands over to the other.</summary>
    [Theory]
    [InlineData(1e4)]
    [InlineData(1e6)]
    [InlineData(1e9)]
    [InlineData(1e12)]
    public void The_asymptotic_form_takes_over_without_a_step(double other)
    {
        const double Last = 10_000;
        foreach (var z in (double[])[-2, -1, 0, 1e-4, 1, 2])
        {
            var x = (Last + (z * Math.Sqrt(Last * (other + 1) / (Last + other + 1)))) / (Last + other + 1);
            var byFraction = BetaDistribution.Cdf(Last, other + 1, x);
            var byAsymptotics = BetaDistribution.Cdf(Last * (1 + 1e-12), other + 1, x);
            Assert.InRange(byAsymptotics / byFraction, 1 - 1e-7, 1 + 1e-7);
        }
    }

    [Fact]
    public void Inverse_undoes_the_cdf()
    {
        var parameters =
            from a in Gen.Choose(-300, 1200)
            from b in Gen.Choose(0, 1200)
            from p in Gen.Choose(1, 999)
            select (a: Math.Pow(10, a / 100.0), b: Math.Pow(10, b / 100.0), p: p / 1000.0);
        Prop.ForAll(parameters.ToArbitrary(), values =>
        {
            var (a, b, p) = (Math.Min(values.a, values.b), Math.Max(values.a, values.b), values.p);
            var x = BetaDistribution.Inverse(a, b, p);
            return x is < 1e-290 or > 0.999_999 // the root lies between two doubles
                || Math.Abs(BetaDistribution.Cdf(a, b, x) - p) < 1e-8;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(20_000));
    }
}
