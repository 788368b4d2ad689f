using Kpi.SamplePlatform.Caching;
using Kpi.Testing;

namespace Kpi.Tests.SamplePlatform.Caching;

public sealed class RedisBreakerTests
{
    private readonly FakeClock clock = new();
    private readonly RedisBreaker breaker;

    public RedisBreakerTests() => breaker = new RedisBreaker(new CacheOptions { FailuresToOpen = 3, OpenFor = TimeSpan.FromSeconds(2) }, clock);

    [Fact]
    public void It_opens_after_failures_in_a_row_and_not_before()
    {
        breaker.Failed();
        breaker.Failed();
        breaker.Succeeded();
        breaker.Failed();
        breaker.Failed();
        Assert.True(breaker.Allows(out _));

        breaker.Failed();
        Assert.False(breaker.Allows(out var probe));
        Assert.False(probe);
    }

    [Fact]
    public void After_its_pause_one_caller_probes_and_the_others_wait_for_the_result()
    {
        Open();
        clock.Advance(TimeSpan.FromSeconds(2));

        Assert.False(breaker.Allows(out var first));
        Assert.False(breaker.Allows(out var second));
        Assert.Equal((true, false), (first, second));
        breaker.EndProbe(succeeded: true, flush: breaker.BeginProbe());
        Assert.True(breaker.Allows(out _));
    }

    [Fact]
    public void A_failed_probe_begins_the_pause_again()
    {
        Open();
        clock.Advance(TimeSpan.FromSeconds(2));
        breaker.Allows(out _);
        breaker.EndProbe(succeeded: false, flush: breaker.BeginProbe());

        clock.Advance(TimeSpan.FromSeconds(1.9));
        breaker.Allows(out var early);
        clock.Advance(TimeSpan.FromSeconds(0.1));
        breaker.Allows(out var due);
        Assert.Equal((false, true), (early, due));
    }

    [Fact]
    public void A_lost_delete_opens_at_once_and_must_be_made_good_by_a_flush_that_succeeds()
    {
        breaker.LostDelete();
        Assert.False(breaker.Allows(out _));

        Assert.True(Probe(succeeds: false));
        Assert.True(Probe(succeeds: true));
        Assert.True(breaker.Allows(out _));

        Open();
        Assert.False(Probe(succeeds: true));
    }

    [Fact]
    public void A_delete_lost_while_the_flush_is_under_way_asks_for_another()
    {
        breaker.LostDelete();
        clock.Advance(TimeSpan.FromSeconds(2));
        breaker.Allows(out _);
        var flush = breaker.BeginProbe();
        breaker.LostDelete();
        breaker.EndProbe(succeeded: true, flush);

        Assert.False(breaker.Allows(out _));
        Assert.True(Probe(succeeds: true));
        Assert.True(breaker.Allows(out _));
    }

    private void Open()
    {
        for (var i = 0; i < 3; i++)
        {
            breaker.Failed();
        }
    }

    /// <summary>Waits out the pause and probes; tells whether the probe had to flush.</summary>
    private bool Probe(bool succeeds)
    {
        clock.Advance(TimeSpan.FromSeconds(2));
        Assert.False(breaker.Allows(out var probe));
        Assert.True(probe);
        var flush = breaker.BeginProbe();
        breaker.EndProbe(succeeds, flush);
        return flush;
    }
}
