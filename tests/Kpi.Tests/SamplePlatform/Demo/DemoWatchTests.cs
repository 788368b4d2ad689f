using System.Text.Json.Nodes;
using Kpi.SamplePlatform.Demo;
using Kpi.Testing;
using Kpi.Tests.Collector;

namespace Kpi.Tests.SamplePlatform.Demo;

public sealed class DemoWatchTests
{
    private readonly FakeClock clock = new();
    private volatile string[] down = [];
    private volatile string ledger = "[]";
    private int looked;

    [Fact]
    public async Task A_server_that_is_down_without_a_fault_is_a_crash()
    {
        var watch = Watch([], CancellationToken.None);
        await PassAsync(TimeSpan.FromSeconds(10));
        down = ["shard-2"];
        await PassAsync(DemoWatch.Grace - TimeSpan.FromSeconds(1));
        Assert.False(watch.IsCompleted);

        var failure = await CrashAsync(watch);
        Assert.StartsWith("shard-2 is down", failure.Message, StringComparison.Ordinal);
        Assert.EndsWith("log of shard-2", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_a_fault_has_stopped_is_no_crash_and_neither_is_its_return()
    {
        using var stop = new CancellationTokenSource();
        var watch = Watch([], stop.Token);
        ledger = """
            [{"id":1,"fault":"stopped-shard","target":"shard-2","end":null},
             {"id":2,"fault":"redis-stopped","target":null,"end":null}]
            """;
        down = ["shard-2", "redis"];
        await PassAsync(TimeSpan.FromMinutes(1));

        // The ledger has ended them; the servers need a moment.
        ledger = """
            [{"id":1,"fault":"stopped-shard","target":"shard-2","end":"2026-11-22T12:00:00Z"},
             {"id":2,"fault":"redis-stopped","end":"2026-11-22T12:00:00Z"}]
            """;
        await PassAsync(DemoWatch.Grace - TimeSpan.FromSeconds(1));
        down = [];
        await PassAsync(TimeSpan.FromMinutes(1));
        Assert.False(watch.IsCompleted);

        await stop.CancelAsync();
        await watch.WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task Another_server_than_the_one_of_the_fault_is_a_crash()
    {
        ledger = """
            [{"id":1,"fault":"stopped-shard","target":"shard-2","end":null},
             {"id":2,"fault":"slow-shard","target":"shard-3","end":null}]
            """;
        down = ["shard-2", "shard-3"];
        var watch = Watch([], CancellationToken.None);

        Assert.StartsWith("shard-3 is down", (await CrashAsync(watch)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_part_that_ends_is_a_crash()
    {
        using var dummies = new Dummies();
        var folder = await DemoFolder.CreateAsync(dummies.Parent, CancellationToken.None);
        var part = await dummies.StartAsync(folder, "load", "read -r _ < <(sleep 0.3); exit 1");
        var watch = Watch([part], CancellationToken.None);

        Assert.StartsWith("load ended with 1", (await CrashAsync(watch)).Message, StringComparison.Ordinal);
    }

    private Task Watch(IReadOnlyList<DemoPart> parts, CancellationToken stop)
    {
        var watch = new DemoWatch(parts, Down, _ => Task.FromResult(Stopped()), name => $"log of {name}", clock);
        return Task.Run(() => watch.RunAsync(stop), CancellationToken.None);
    }

    private IReadOnlySet<string> Stopped() => DemoClient.StoppedServers(JsonNode.Parse(ledger));

    private string[] Down()
    {
        Interlocked.Increment(ref looked);
        return down;
    }

    private async Task<DemoException> CrashAsync(Task watch)
    {
        await Wait.UntilAsync(() =>
        {
            clock.Advance(TimeSpan.FromMilliseconds(500));
            return watch.IsCompleted;
        });
        return await Assert.ThrowsAsync<DemoException>(() => watch);
    }

    /// <summary>Lets time pass and the watch look, in steps.</summary>
    private async Task PassAsync(TimeSpan time)
    {
        var end = clock.GetUtcNow() + time;
        while (clock.GetUtcNow() < end)
        {
            var before = Volatile.Read(ref looked);
            await clock.NextDueAsync();
            await Task.Run(() => clock.Advance(TimeSpan.FromMilliseconds(500)));
            await Wait.UntilAsync(() => Volatile.Read(ref looked) > before);
        }
    }
}
