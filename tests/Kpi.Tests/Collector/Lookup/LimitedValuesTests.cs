using Kpi.Collector.Lookup;

namespace Kpi.Tests.Collector.Lookup;

public sealed class LimitedValuesTests
{
    [Fact]
    public void Of_labels_beyond_the_bound_no_value_is_told_apart_and_those_before_go_on()
    {
        var values = new LimitedValues();
        for (var i = 0; i < LimitedValues.MostLabels; i++)
        {
            Assert.True(values.IsToldApart($"metric.{i}", "path", "/a", most: 2));
        }

        Assert.False(values.IsToldApart("one.more", "path", "/a", most: 2));
        Assert.True(values.IsToldApart("metric.7", "path", "/a", most: 2));
        Assert.True(values.IsToldApart("metric.7", "path", "/b", most: 2));
        Assert.False(values.IsToldApart("metric.7", "path", "/c", most: 2));
    }
}
