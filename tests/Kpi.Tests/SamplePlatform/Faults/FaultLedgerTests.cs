using Kpi.SamplePlatform.Faults;
using Kpi.Testing;

namespace Kpi.Tests.SamplePlatform.Faults;

public sealed class FaultLedgerTests
{
    private readonly FakeClock clock = new();

    [Fact]
    public void A_fault_is_kept_with_its_times_and_what_it_did()
    {
        var ledger = new FaultLedger(clock);
        var start = clock.GetUtcNow();
        var entry = ledger.Begin("slow-shard", "shard-2", 0.2);
        entry.Count(TimeSpan.FromMilliseconds(200));
        entry.Count(TimeSpan.FromMilliseconds(210));
        clock.Advance(TimeSpan.FromSeconds(30));
        Assert.Null(ledger.Entries[0].End);
        entry.EndAt(clock.GetUtcNow());
        clock.Advance(TimeSpan.FromSeconds(1));
        entry.EndAt(clock.GetUtcNow());

        Assert.Equal(new FaultStatus(1, "slow-shard", "shard-2", 0.2, start, start + TimeSpan.FromSeconds(30), 2, 0.41), ledger.Entries[0]);
    }

    [Fact]
    public void Only_the_last_thousand_are_kept()
    {
        var ledger = new FaultLedger(clock);
        for (var i = 0; i < 1_200; i++)
        {
            ledger.Begin("redis-flushed", null, null);
        }

        Assert.Equal(Enumerable.Range(201, 1_000), ledger.Entries.Select(e => e.Id));
    }

    [Fact]
    public void Counting_from_many_threads_loses_nothing()
    {
        var entry = new FaultLedger(clock).Begin("error-route", null, 1);
        Parallel.For(0, 10_000, _ => entry.Count(TimeSpan.FromMilliseconds(1)));

        Assert.Equal((10_000, 10.0), (entry.Affected, entry.Status.InjectedSeconds));
    }
}
