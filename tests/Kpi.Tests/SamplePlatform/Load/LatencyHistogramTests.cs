using Kpi.SamplePlatform.Load;

namespace Kpi.Tests.SamplePlatform.Load;

public sealed class LatencyHistogramTests
{
    [Fact]
    public void Quantiles_are_those_of_the_sorted_values_to_one_percent()
    {
        var random = new Random(1);
        var values = Enumerable.Range(0, 10_000).Select(_ => Math.Exp((random.NextDouble() * 12) - 9)).ToArray();
        var histogram = new LatencyHistogram();
        foreach (var value in values)
        {
            histogram.Add(TimeSpan.FromSeconds(value));
        }

        Array.Sort(values);
        foreach (var quantile in new[] { 0.001, 0.5, 0.99, 1 })
        {
            var exact = values[(int)Math.Ceiling(quantile * values.Length) - 1];
            Assert.InRange(histogram.Quantile(quantile)!.Value, exact * 0.999, exact * 1.011);
        }
    }

    [Fact]
    public void Values_beyond_the_ends_count_and_none_at_all_is_null()
    {
        var histogram = new LatencyHistogram();
        Assert.Null(histogram.Quantile(0.5));

        histogram.Add(TimeSpan.FromHours(9));
        Assert.InRange(histogram.Quantile(0.5)!.Value, 990, 1_020);
        histogram.Add(TimeSpan.FromSeconds(-1));
        Assert.InRange(histogram.Quantile(0.5)!.Value, 0, 1.1e-5);
    }
}
