using Kpi.Rollups.Identity;
using Kpi.Rollups.Intake;
using Kpi.Rollups.Lanes;
using Kpi.Rollups.Time;
using Kpi.Tests.Rollups.Reading;

namespace Kpi.Tests.Rollups.Lanes;

public sealed class LaneSetTests
{
    private static readonly SliceRange All = new(new Slice(0), new Slice(int.MaxValue));

    [Fact]
    public async Task A_drain_is_a_cut_across_lanes()
    {
        const int Lanes = 3;
        const int Batches = 4_000;
        var catalog = Catalog(Lanes * 2);
        using var lanes = new LaneSet(catalog, new RollupLimits { QueuedBatchesPerLane = Batches * 2 }, Lanes, new IntakeTally());
        var drains = new List<IReadOnlyList<DrainedCells>>();
        var posting = Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < Batches; i++)
            {
                Assert.True(lanes.TryPost(OneOfEach(catalog, 1)));
            }
        })));
        for (var flush = 1; !posting.IsCompleted; flush++)
        {
            drains.Add((await lanes.DrainAsync(flush)).Cells);
        }

        await posting;
        drains.Add((await lanes.DrainAsync(drains.Count + 1)).Cells);
        var inAll = 0L;
        foreach (var drained in drains)
        {
            var counts = drained.SelectMany(d => d.Distributions).GroupBy(d => d.Series.Slot, d => d.Cell.Count).Select(g => g.Sum()).ToArray();
            Assert.True(counts.Length is 0 or (Lanes * 2) && counts.Distinct().Count() <= 1, string.Join(' ', counts));
            inAll += counts.FirstOrDefault();
        }

        Assert.Equal(2 * Batches, inAll);
    }

    [Fact]
    public async Task A_full_queue_refuses_and_takes_again_when_it_has_moved_on()
    {
        var catalog = Catalog(2);
        using var lanes = new LaneSet(catalog, new RollupLimits { QueuedBatchesPerLane = 3 }, 2, new IntakeTally());
        var first = OneOfEach(catalog, 1);
        Assert.True(lanes.TryPost(first));
        await first.Applied;
        using var blocked = new ManualResetEventSlim();
        using var reached = new ManualResetEventSlim();
        var visit = lanes.VisitAsync(All, 0, new CellTotals(_ =>
        {
            reached.Set();
            return blocked.Wait(TimeSpan.FromSeconds(30));
        }));
        reached.Wait(TimeSpan.FromSeconds(30));
        SampleBatch[] taken = [OneOfEach(catalog, 1), OneOfEach(catalog, 1), OneOfEach(catalog, 1)];
        Assert.All(taken, b => Assert.True(lanes.TryPost(b)));
        Assert.False(lanes.TryPost(OneOfEach(catalog, 1)));
        Assert.Equal(4, lanes.Posted);
        blocked.Set();
        await visit;
        foreach (var batch in taken)
        {
            await batch.Applied;
        }

        Assert.True(lanes.TryPost(OneOfEach(catalog, 1)));

        // A batch that was refused is in no lane.
        var totals = new CellTotals();
        await lanes.VisitAsync(All, 0, totals);
        Assert.All(totals.Distributions.Values, d => Assert.Equal(5, d.Count));
    }

    [Theory]
    [InlineData(SeriesKind.Distribution)]
    [InlineData(SeriesKind.Counter)]
    public async Task Full_memory_refuses_and_takes_again_after_a_commit(SeriesKind kind)
    {
        var catalog = Catalog(6);
        using var lanes = new LaneSet(catalog, new RollupLimits { UncommittedBytes = 300_000 }, 3, new IntakeTally());
        var slice = 0;
        var batch = Batch(++slice);
        while (lanes.TryPost(batch))
        {
            await batch.Applied;
            batch = Batch(++slice);
            Assert.True(slice < 5_000, "memory never fills");
        }

        Assert.InRange(lanes.UncommittedBytes, 250_000, 350_000);
        await lanes.DrainAsync(1);
        Assert.False(lanes.TryPost(batch)); // drained, not yet committed
        lanes.Discard(1);
        await lanes.DrainAsync(2);
        Assert.Equal(0, lanes.UncommittedBytes);
        Assert.True(lanes.TryPost(batch));
        await batch.Applied;

        SampleBatch Batch(int number)
        {
            var made = new SampleBatch();
            for (var slot = 0; slot < catalog.Count; slot++)
            {
                if (kind == SeriesKind.Distribution)
                {
                    made.Add(new DurationSample(5_000_000, slot, number, DurationSample.One));
                }
                else
                {
                    made.Add(CounterSample.Increase(slot, default, new Slice(number).End, 1));
                }
            }

            return made;
        }
    }

    [Fact]
    public async Task What_is_applied_is_seen_by_a_visit_that_begins_afterwards()
    {
        var catalog = Catalog(5);
        using var lanes = new LaneSet(catalog, new RollupLimits(), 2, new IntakeTally());
        var pool = new SampleBatchPool();
        for (var round = 1; round <= 300; round++)
        {
            var batch = pool.Rent();
            Fill(batch, catalog, 3);
            Assert.True(lanes.TryPost(batch));
            await batch.Applied;
            pool.Return(batch);
            var totals = new CellTotals();
            await lanes.VisitAsync(All, 0, totals);
            Assert.Equal(5, totals.Distributions.Count);
            Assert.All(totals.Distributions.Values, d => Assert.Equal(round, d.Count));
        }
    }

    [Fact]
    public async Task A_visitor_that_fails_fails_its_reader_and_no_lane()
    {
        var catalog = Catalog(2);
        using var lanes = new LaneSet(catalog, new RollupLimits(), 1, new IntakeTally());
        lanes.TryPost(OneOfEach(catalog, 1));
        await Assert.ThrowsAsync<InvalidOperationException>(() =>
            lanes.VisitAsync(All, 0, new CellTotals(_ => throw new InvalidOperationException("a reader's mistake"))));
        var totals = new CellTotals();
        await lanes.VisitAsync(All, 0, totals);
        Assert.Equal(2, totals.Distributions.Count);
    }

    [Fact]
    public void The_oldest_receipt_is_told_once()
    {
        var catalog = Catalog(1);
        using var lanes = new LaneSet(catalog, new RollupLimits(), 1, new IntakeTally());
        Assert.Equal(0, lanes.TakeOldestReceipt());
        foreach (var at in (long[])[70, 50, 90])
        {
            var batch = OneOfEach(catalog, 1);
            batch.ReceivedAt = at;
            lanes.TryPost(batch);
        }

        Assert.Equal(50, lanes.TakeOldestReceipt());
        Assert.Equal(0, lanes.TakeOldestReceipt());
    }

    [Fact]
    public async Task Closing_finishes_what_was_posted()
    {
        var catalog = Catalog(1);
        var lanes = new LaneSet(catalog, new RollupLimits(), 2, new IntakeTally());
        SampleBatch[] batches = [.. Enumerable.Range(0, 500).Select(_ => OneOfEach(catalog, 1))];
        Assert.All(batches, b => Assert.True(lanes.TryPost(b)));
        lanes.Dispose();
        foreach (var batch in batches)
        {
            await batch.Applied.AsTask().WaitAsync(TimeSpan.FromSeconds(30));
        }

        Assert.Throws<ObjectDisposedException>(() => lanes.TryPost(OneOfEach(catalog, 1)));
    }

    private static SeriesCatalog Catalog(int series)
    {
        var catalog = new SeriesCatalog(new RollupLimits());
        for (var i = 0; i < series; i++)
        {
            catalog.GetOrAdd(SeriesKind.Distribution, "s", Labels.Of(("s", i.ToString("d2", null))), out _);
        }

        return catalog;
    }

    private static SampleBatch OneOfEach(SeriesCatalog catalog, int slice)
    {
        var batch = new SampleBatch();
        Fill(batch, catalog, slice);
        return batch;
    }

    private static void Fill(SampleBatch batch, SeriesCatalog catalog, int slice)
    {
        for (var slot = 0; slot < catalog.Count; slot++)
        {
            batch.Add(new DurationSample(1_000, slot, slice, DurationSample.One));
        }
    }
}
