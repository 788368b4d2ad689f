using Kpi.SloEngine.Verdicts;

namespace Kpi.Tests.SloEngine.Verdicts;

public sealed class MinimumEvidenceTests
{
    [Theory]
    [InlineData(0.01, 299)]
    [InlineData(0.001, 2_995)]
    [InlineData(0.0001, 29_956)]
    public void A_ratio_needs_three_over_the_target(double target, long needed) =>
        Assert.Equal(needed, MinimumEvidence.ForRatioBelow(target));

    [Theory]
    [InlineData(0.99, 299)]
    [InlineData(0.95, 59)]
    public void A_quantile_needs_enough_that_the_largest_value_bounds_it(double q, long needed) =>
        Assert.Equal(needed, MinimumEvidence.ForQuantile(q));

    [Fact]
    public void Without_failures_the_interval_meets_the_target_from_exactly_there_on()
    {
        foreach (var target in (double[])[0.2, 0.05, 0.01, 0.003, 0.001, 0.0001])
        {
            var needed = MinimumEvidence.ForRatioBelow(target);
            Assert.True(ProportionInterval.ClopperPearson(0, needed).High < target);
            Assert.True(ProportionInterval.ClopperPearson(0, needed - 1).High >= target);
        }
    }
}
