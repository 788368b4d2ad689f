using Kpi.Collector.Doors;

namespace Kpi.Tests.Collector.Doors;

public sealed class RetryDelaysTests
{
    [Theory]
    [InlineData(0, 2_000)]
    [InlineData(0.25, 2_500)]
    [InlineData(0.999, 3_998)]
    public void A_delay_lies_between_one_and_two_times_what_is_configured(double share, double milliseconds) =>
        Assert.Equal(milliseconds, new RetryDelays(TimeSpan.FromSeconds(2), () => share).Next().TotalMilliseconds, 6);

    [Fact]
    public void A_thousand_senders_do_not_return_together()
    {
        var delays = new RetryDelays(TimeSpan.FromSeconds(2), new Random(5).NextDouble);
        var told = Enumerable.Range(0, 1_000).Select(_ => delays.Next()).ToList();
        Assert.All(told, t => Assert.InRange(t, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(4)));

        // In no tenth of a second more than twice its share.
        Assert.All(told.GroupBy(t => (int)(t.TotalSeconds * 10)), together => Assert.InRange(together.Count(), 1, 100));
    }
}
