using Kpi.SamplePlatform.Sharding;
using Kpi.Testing;

namespace Kpi.Tests.SamplePlatform.Sharding;

public sealed class TimeOrderedIdTests
{
    [Fact]
    public void An_id_holds_41_bits_of_time_13_of_bucket_and_10_of_sequence()
    {
        var ids = new TimeOrderedId(new FakeClock(new DateTimeOffset(2026, 1, 1, 0, 0, 1, TimeSpan.Zero)));
        Assert.Equal((1000L << 23) | (77 << 10), ids.Next(77));
        Assert.Equal((1000L << 23) | (119 << 10) | 1, ids.Next(119));
    }

    [Fact]
    public void A_sequence_that_is_used_up_goes_on_in_the_next_millisecond()
    {
        var ids = new TimeOrderedId(new FakeClock());
        var first = ids.Next(0);
        for (var i = 1; i < 1024; i++)
        {
            ids.Next(0);
        }

        Assert.Equal((first >> 23) + 1, ids.Next(0) >> 23);
    }

    [Fact]
    public void Ids_ascend_also_when_the_clock_is_set_back()
    {
        var clock = new SettableClock(new DateTimeOffset(2026, 11, 22, 12, 0, 0, TimeSpan.Zero));
        var ids = new TimeOrderedId(clock);
        var before = ids.Next(5);
        clock.Now -= TimeSpan.FromHours(1);
        Assert.True(ids.Next(5) > before);
    }

    [Fact]
    public async Task Concurrent_callers_get_different_ids_each_in_ascending_order()
    {
        var ids = new TimeOrderedId(TimeProvider.System);
        var runs = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
            Enumerable.Range(0, 20_000).Select(_ => ids.Next(7)).ToArray())));

        Assert.All(runs, run => Assert.Equal(run.Order(), run));
        Assert.Equal(80_000, runs.SelectMany(r => r).Distinct().Count());
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(8192)]
    public void A_bucket_of_more_than_13_bits_is_refused(int bucket) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new TimeOrderedId(TimeProvider.System).Next(bucket));

    private sealed class SettableClock(DateTimeOffset now) : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = now;

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
