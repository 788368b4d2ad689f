using Kpi.SloEngine.Kpis;

namespace Kpi.Tests.SloEngine.Kpis;

public sealed class QuantileRuleTests
{
    private static readonly TierTargets Targets = new(
        [KeyValuePair.Create("1k", 0.05), KeyValuePair.Create("100k", 0.02), KeyValuePair.Create("1m", 0.01)]);

    [Fact]
    public void Exact_edges_are_the_targets_and_the_guards_limits_once_each()
    {
        var rule = new QuantileRule { Metrics = ["m"], Quantile = 0.95, Guard = new(0.99, 2.5) };
        Assert.Equal([0.01, 0.02, 0.025, 0.05, 0.125], rule.ExactEdges(Targets));
        Assert.Equal([0.01, 0.02, 0.05], (rule with { Guard = null }).ExactEdges(Targets));
    }

    [Fact]
    public void A_guards_limit_is_the_double_one_would_write_down() => Assert.Equal(0.3, new QuantileGuard(0.99, 3).LimitFor(0.1));

    [Fact]
    public void Other_rules_need_no_edges()
    {
        Assert.Empty(new ErrorRatioRule { Metrics = ["m"] }.ExactEdges(Targets));
        Assert.Empty(new UnmeasuredRule("mttr", Better.Lower).ExactEdges(Targets));
    }

    [Fact]
    public void An_unknown_tier_has_no_target()
    {
        Assert.False(Targets.TryGet("2k", out _));
        Assert.Throws<KeyNotFoundException>(() => Targets["2k"]);
    }
}
