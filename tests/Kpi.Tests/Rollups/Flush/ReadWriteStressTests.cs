using Kpi.Rollups.Store;
using Kpi.Tests.Rollups.Store;

namespace Kpi.Tests.Rollups.Flush;

/// <summary>Two writers, a flusher whose commits often fail and a reader that never stops.</summary>
public sealed class ReadWriteStressTests
{
    private const int Writers = 2;

    [Fact]
    public Task Every_read_of_memory_sees_all_that_was_acknowledged_and_nothing_that_was_not_posted() =>
        RunAsync(new MemoryRollupStore(new MemoryRollupStore.Contents()), batchesPerWriter: 2_000);

    [Fact]
    public async Task Every_read_of_SQLite_sees_all_that_was_acknowledged_and_nothing_that_was_not_posted()
    {
        using var folder = new StoreFolder();
        await RunAsync(SqliteRollupStore.Open(folder.File), batchesPerWriter: 2_000);
    }

    private static async Task RunAsync(IRollupStore store, int batchesPerWriter)
    {
        await using var rig = new FlushRig(store, lanes: 3, series: 3);
        await rig.PostAsync();
        var random = new Random(20261106);
        rig.Store.Next = () => random.Next(3) switch
        {
            0 => FailingStore.Failure.BeforeCommit,
            1 => FailingStore.Failure.AfterCommit,
            _ => FailingStore.Failure.None,
        };
        long posted = 1, acknowledged = 1;
        var writing = Task.WhenAll(Enumerable.Range(0, Writers).Select(_ => Task.Run(async () =>
        {
            for (var i = 0; i < batchesPerWriter; i++)
            {
                Interlocked.Increment(ref posted);
                await rig.PostAsync(slice: 1 + (i % 3));
                Interlocked.Increment(ref acknowledged);
            }
        })));
        var flushing = Task.Run(async () =>
        {
            while (!writing.IsCompleted)
            {
                try
                {
                    await rig.Flusher.FlushAsync(CancellationToken.None);
                }
                catch (IOException)
                {
                    // Told to fail; the next flush tries again.
                }
            }
        });
        var before = new Dictionary<string, long>();
        var reads = 0;
        for (; !writing.IsCompleted || reads == 0; reads++)
        {
            var least = Interlocked.Read(ref acknowledged);
            var totals = await rig.ReadAsync();
            var most = Interlocked.Read(ref posted);
            Assert.Equal(rig.Catalog.Count, totals.Series.Count);
            foreach (var series in totals.Series.Keys)
            {
                var seen = FlushRig.CountOf(totals, series);
                Assert.InRange(seen, Math.Max(least, before.GetValueOrDefault(series)), most);
                before[series] = seen;
            }
        }

        await writing;
        await flushing;
        rig.Store.Next = () => FailingStore.Failure.None;
        await rig.Flusher.FlushAsync(CancellationToken.None);
        await rig.SeesAsync(1 + (Writers * batchesPerWriter));
        await rig.Lanes.DrainAsync(long.MaxValue);
        Assert.Equal(0, rig.Lanes.UncommittedBytes);
    }
}
