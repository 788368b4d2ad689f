using System.Text;
using Kpi.Collector.Spans;

namespace Kpi.Tests.Collector.Spans;

/// <summary>Source: OpenTelemetry specification, "TraceState: Probability Sampling".</summary>
public class SamplingWeightTests
{
    [Theory]
    [InlineData("ot=th:0", 1)]
    [InlineData("ot=th:8", 2)]
    [InlineData("ot=th:c", 4)]
    [InlineData("ot=th:fd70a3d70a3d71", 100)]
    [InlineData("ot=th:b33333333333333", 1)]
    [InlineData("ot=th:b3333333333333", 10.0 / 3)]
    [InlineData("ot=rv:0123456789abcd;th:8", 2)]
    [InlineData("ot=th:8;rv:0123456789abcd", 2)]
    [InlineData("congo=t61rcWkgMzE, ot=th:c ,rojo=1", 4)]
    public void A_threshold_stands_for_the_inverse_of_its_share(string state, double weight) =>
        Assert.Equal(weight, Weight(state), weight * 1e-9);

    [Theory]
    [InlineData("")]
    [InlineData("ot=")]
    [InlineData("ot=th:")]
    [InlineData("ot=th:xyz")]
    [InlineData("ot=th:-8")]
    [InlineData("ot=th:0x8")]
    [InlineData("ot=th: 8")]
    [InlineData("ot=th:123456789012345")]
    [InlineData("ot=p:8;r:62")]
    [InlineData("other=th:8")]
    [InlineData("xot=th:8")]
    [InlineData("th:8")]
    [InlineData(",,;;==")]
    public void What_makes_no_sense_stands_for_one(string state) => Assert.Equal(1, Weight(state));

    [Fact]
    public void The_smallest_share_is_bounded() => Assert.Equal(uint.MaxValue, Weight("ot=th:ffffffffffffff"));

    private static double Weight(string state) => SamplingWeight.Of(Encoding.UTF8.GetBytes(state)) / (double)(1UL << 32);
}
