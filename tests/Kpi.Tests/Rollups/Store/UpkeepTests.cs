using System.Diagnostics;
using Kpi.Rollups.Identity;
using Kpi.Rollups.Store;
using Kpi.Rollups.Time;
using Kpi.Tests.Rollups.Reading;
using static Kpi.Tests.Rollups.Store.RollupStoreContract;

namespace Kpi.Tests.Rollups.Store;

public sealed class UpkeepTests : IDisposable
{
    private const int Hour = 360;
    private const int Day = 24 * Hour;

    private static readonly Slice Begin = new((20_800 * Day) + 1);

    private readonly StoreFolder folder = new();
    private int flush;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Over_the_cap_the_oldest_of_the_finest_tier_goes_first_and_is_counted()
    {
        var limits = new RollupLimits { StoreBytes = 1 };
        await using var store = SqliteRollupStore.Open(folder.File, limits);
        await FillAsync(store, hours: 4);
        var expected = await DescribeAsync(store, TimeTier.Days);
        await MaintainAsync(store, Begin.Plus(5 * Hour));

        // All that the 1 min tier has taken is gone at 10 s, and all that the days have taken at 15 min: none is over.
        Assert.Equal(4 * 3_600, store.Figures.DroppedForSpace[TimeTier.Slices]);
        Assert.Equal(0, store.Figures.DroppedForSpace[TimeTier.Days]);
        Assert.Equal(0, Count("SELECT count(*) FROM block WHERE tier = 1") + Count("SELECT count(*) FROM tile WHERE tier = 1"));
        Assert.Equal(expected, await DescribeAsync(store, TimeTier.Days));
    }

    [Fact]
    public async Task Under_the_cap_nothing_goes()
    {
        await using var store = SqliteRollupStore.Open(folder.File);
        await FillAsync(store, hours: 2);
        await MaintainAsync(store, Begin.Plus(3 * Hour));
        Assert.All(store.Figures.DroppedForSpace.Values, seconds => Assert.Equal(0, seconds));
        Assert.True(store.Figures.Bytes > 100_000);
        Assert.Equal(0, Count("SELECT count(*) FROM block WHERE tier = 1"));
        Assert.True(Count("SELECT count(*) FROM tile WHERE tier = 1") > 0);
    }

    [Fact]
    public async Task Late_blocks_beside_tiles_are_folded_when_they_are_many()
    {
        await using var store = SqliteRollupStore.Open(folder.File);
        await FillAsync(store, hours: 2);
        var now = Begin.Plus(3 * Hour);
        await MaintainAsync(store, now);
        for (var late = 0; late < Hour + 40; late++)
        {
            await store.CommitAsync(CommitOf(++flush, 0, [], [C("c0001", Begin.Plus(late % Hour), 1)]), CancellationToken.None);
            if (late == 40)
            {
                await MaintainAsync(store, now);
                Assert.Equal(41, Count("SELECT count(*) FROM block WHERE tier = 1"));
            }
        }

        var expected = await DescribeAsync(store, TimeTier.Slices);
        await MaintainAsync(store, now);
        Assert.Equal(0, Count("SELECT count(*) FROM block WHERE tier < 2"));
        Assert.Equal(expected, await DescribeAsync(store, TimeTier.Slices));
    }

    [Fact]
    public async Task Late_blocks_of_few_slices_do_not_make_a_whole_hour_be_folded_again()
    {
        // However many shards they come in.
        await using var store = SqliteRollupStore.Open(folder.File);
        await FillAsync(store, hours: 2, series: 4_000);
        var now = Begin.Plus(3 * Hour);
        await MaintainAsync(store, now);
        for (var late = 0; late < 60; late++)
        {
            await store.CommitAsync(CommitOf(++flush, 0, [], [.. Enumerable.Range(0, 4_000).Select(s => C($"c{s:d4}", Begin.Plus(late), 1))]), CancellationToken.None);
        }

        await MaintainAsync(store, now);
        Assert.InRange(Count("SELECT count(*) FROM block WHERE tier = 1"), 4 * 60, 5 * 60);
    }

    [Fact]
    public async Task Flushes_do_not_wait_for_upkeep()
    {
        await using var store = SqliteRollupStore.Open(folder.File);
        await FillAsync(store, hours: 3, series: 2_000);
        var alone = await FlushTimesAsync(store, Begin.Plus(3 * Hour), () => true);
        var steps = 0;
        var upkeep = Task.Run(async () =>
        {
            while (await store.MaintainAsync(Begin.Plus(4 * Hour), CancellationToken.None))
            {
                steps++;
            }
        });
        var beside = await FlushTimesAsync(store, Begin.Plus((3 * Hour) + 30), () => !upkeep.IsCompleted);
        await upkeep;
        Assert.True(steps > 200);

        // A flush waits for one step's writing at most; all of the upkeep takes seconds.
        Assert.True(beside.Count >= 5, $"{beside.Count} flushes in {steps} steps");
        Assert.InRange(beside.Order().ElementAt(beside.Count / 2), TimeSpan.Zero, alone.Max() + TimeSpan.FromMilliseconds(500));
    }

    private async Task FillAsync(SqliteRollupStore store, int hours, int series = 200)
    {
        for (var slice = 0; slice < hours * Hour; slice += 6)
        {
            var at = Begin.Plus(slice);
            await store.CommitAsync(
                CommitOf(++flush, 0, [.. Enumerable.Range(0, series / 10).Select(i => D($"d{i:d4}", at, i))], [.. Enumerable.Range(0, series).Select(i => C($"c{i:d4}", at, i))]),
                CancellationToken.None);
        }
    }

    private async Task<List<TimeSpan>> FlushTimesAsync(SqliteRollupStore store, Slice from, Func<bool> goOn)
    {
        var times = new List<TimeSpan>();
        for (var i = 0; i < 30 && goOn(); i++)
        {
            var commit = CommitOf(++flush, 0, [], [.. Enumerable.Range(0, 2_000).Select(s => C($"c{s:d4}", from.Plus(i), s))]);
            var started = Stopwatch.GetTimestamp();
            await Task.Run(async () => await store.CommitAsync(commit, CancellationToken.None));
            times.Add(Stopwatch.GetElapsedTime(started));
        }

        return times;
    }

    private static async Task MaintainAsync(SqliteRollupStore store, Slice now)
    {
        while (await store.MaintainAsync(now, CancellationToken.None))
        {
        }
    }

    private static async Task<string> DescribeAsync(SqliteRollupStore store, TimeTier step)
    {
        var totals = new CellTotals();
        await using var snapshot = await store.OpenSnapshotAsync(CancellationToken.None);
        await snapshot.ReadAsync(new CellQuery(new SliceRange(Begin, Begin.Plus((5 * Day) - 1)), step), totals, CancellationToken.None);
        return string.Join('\n', totals.Counters.GroupBy(c => c.Key.Series).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => $"{g.Key} {g.Sum(c => c.Value.Increase.ToDouble())}"))
            + string.Join('\n', totals.Distributions.GroupBy(c => c.Key.Series).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => $"{g.Key} {g.Sum(c => c.Value.Count)}"));
    }

    private long Count(string sql)
    {
        using var connection = folder.Connect();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (long)command.ExecuteScalar()!;
    }
}
