using Kpi.Rollups.Identity;
using Kpi.Rollups.Store;
using Kpi.Rollups.Time;

namespace Kpi.Tests.Rollups.Store;

/// <summary>Whatever the order of flushes, late data, upkeep and reads: every read is the plain sum.</summary>
public sealed class TierTests : IDisposable
{
    private const int Hour = 360;
    private const int Day = 24 * Hour;

    // A day's first slice.
    private static readonly Slice Begin = new((20_800 * Day) + 1);

    private readonly StoreFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Any_interleaving_reads_as_the_plain_sum(int seed)
    {
        var random = new Random(seed);
        var limits = new RollupLimits { SliceRetention = TimeSpan.FromDays(400), MinuteRetention = TimeSpan.FromDays(400) };
        var oracle = new StoreOracle(SqliteRollupStore.Open(folder.File, limits), seed) { Begin = Begin, Now = Begin.Plus(100) };
        var held = new List<Func<SliceRange, TimeTier, Task>>();
        for (var round = 0; round < 150; round++)
        {
            oracle.Now = oracle.Now.Plus(random.Next(12) switch { 0 => random.Next(2 * Day), < 4 => random.Next(2 * Hour), _ => random.Next(8) });
            await oracle.CommitAsync(back: random.Next(5) switch { 0 => 40 * Day, 1 => Hour, _ => 4 });
            for (var steps = random.Next(40); steps > 0 && await oracle.Store.MaintainAsync(oracle.Now, CancellationToken.None); steps--)
            {
            }

            if (random.Next(3) == 0)
            {
                await oracle.CheckAsync(AnyRange(random, oracle.Now), AnyStep(random), chosen: random.Next(2) == 0);
            }

            if (random.Next(20) == 0)
            {
                held.Add(await oracle.HoldAsync());
            }

            if (held.Count > 2)
            {
                await held[0](AnyRange(random, oracle.Now), AnyStep(random));
                held.RemoveAt(0);
            }

            if (round % 40 == 39)
            {
                await Task.WhenAll(held.Select(check => check(AnyRange(random, oracle.Now), TimeTier.Days)));
                held.Clear();
                await oracle.Store.DisposeAsync();
                oracle.Store = SqliteRollupStore.Open(folder.File, limits);
            }
        }

        await FinishAsync(oracle);
        foreach (var step in TierMath.All)
        {
            await oracle.CheckAsync(new SliceRange(Begin, oracle.Now), step, chosen: false);
        }

        Assert.True(Count("SELECT count(*) FROM tile") > 100);
        Assert.Equal(0, Count("SELECT count(*) FROM block WHERE tier = 0"));
        await oracle.Store.DisposeAsync();
    }

    [Theory]
    [InlineData(5)]
    [InlineData(6)]
    public async Task What_a_finer_tier_has_dropped_a_coarser_one_still_adds_up_to(int seed)
    {
        var limits = new RollupLimits { SliceRetention = TimeSpan.FromHours(1), MinuteRetention = TimeSpan.FromHours(6) };
        await using var store = SqliteRollupStore.Open(folder.File, limits);
        var random = new Random(seed);
        var oracle = new StoreOracle(store, seed) { Begin = Begin, Now = Begin.Plus(89) };
        for (var round = 0; round < 80; round++)
        {
            oracle.Now = oracle.Now.Plus(random.Next(5) == 0 ? random.Next(Day) : random.Next(90));
            await oracle.CommitAsync(back: random.Next(3) == 0 ? 5 * Day : 10);
            for (var steps = random.Next(60); steps > 0 && await store.MaintainAsync(oracle.Now, CancellationToken.None); steps--)
            {
            }

            // From a quarter's edge to the present: what is left of it at either end is still there at 10 s.
            var quarters = (oracle.Now.Number - Begin.Number + 1) / 90;
            var range = new SliceRange(Begin.Plus(90 * random.Next(quarters)), oracle.Now);
            await oracle.CheckAsync(range, random.Next(2) == 0 ? TimeTier.Quarters : TimeTier.Days, chosen: random.Next(2) == 0);
        }

        await FinishAsync(oracle);
        Assert.True(Count("SELECT dropped_to FROM tier WHERE number = 1") > Begin.Number);
        Assert.Equal(0, Count("SELECT count(*) FROM block WHERE tier = 1 AND cell <= (SELECT dropped_to FROM tier WHERE number = 1)"));
        await oracle.CheckAsync(new SliceRange(Begin, oracle.Now), TimeTier.Days, chosen: false);
    }

    private static SliceRange AnyRange(Random random, Slice now)
    {
        var first = Begin.Plus(random.Next(now.Number - Begin.Number + 1));
        return new SliceRange(first, first.Plus(random.Next(now.Number - first.Number + 1)));
    }

    private static TimeTier AnyStep(Random random) => (TimeTier)random.Next(1, 5);

    private static async Task FinishAsync(StoreOracle oracle)
    {
        oracle.Now = oracle.Now.Plus(33 * Day);
        while (await oracle.Store.MaintainAsync(oracle.Now, CancellationToken.None))
        {
        }
    }

    private long Count(string sql)
    {
        using var connection = folder.Connect();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (long)command.ExecuteScalar()!;
    }
}
