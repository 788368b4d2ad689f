using Kpi.Rollups.Reading;
using Kpi.Rollups.Store;
using Kpi.Rollups.Time;
using Kpi.Tests.Rollups.Reading;
using Kpi.Tests.Rollups.Store;

namespace Kpi.Tests.Rollups.Flush;

public sealed class FlusherTests
{
    [Fact]
    public async Task What_is_flushed_is_read_from_the_store_and_no_longer_from_the_lanes()
    {
        await using var rig = new FlushRig();
        await rig.PostAsync();
        var (stored, open) = (new CellTotals(), new CellTotals());
        Assert.Equal(new CommittedMark(0, 0), await rig.Reader.ReadAsync(FlushRig.All, stored, open, CancellationToken.None));
        Assert.Equal((0, 3), (stored.Series.Count, open.Series.Count));
        await rig.Flusher.FlushAsync(CancellationToken.None);
        (stored, open) = (new CellTotals(), new CellTotals());
        Assert.Equal(new CommittedMark(1, 0), await rig.Reader.ReadAsync(FlushRig.All, stored, open, CancellationToken.None));
        Assert.Equal((3, 0), (stored.Series.Count, open.Series.Count));
        await rig.PostAsync();
        await rig.SeesAsync(2);
    }

    [Theory]
    [InlineData((int)FailingStore.Failure.BeforeCommit)]
    [InlineData((int)FailingStore.Failure.AfterCommit)]
    public async Task A_commit_that_fails_is_tried_again_whole_under_its_number(int failure)
    {
        await using var rig = new FlushRig();
        await rig.PostAsync();
        rig.Store.Next = () => (FailingStore.Failure)failure;
        for (var attempt = 0; attempt < 3; attempt++)
        {
            await Assert.ThrowsAnyAsync<Exception>(() => rig.Flusher.FlushAsync(CancellationToken.None)).WaitAsync(TimeSpan.FromSeconds(30));
            await rig.PostAsync(slice: 1 + attempt);
            await rig.SeesAsync(2 + attempt);
        }

        rig.Store.Next = () => FailingStore.Failure.None;
        await rig.Flusher.FlushAsync(CancellationToken.None);
        Assert.Equal([1, 1, 1, 1, 2], rig.Store.Asked);
        Assert.Equal(2, rig.Flusher.Committed);
        await rig.SeesAsync(4);
        var stored = new CellTotals();
        await using var snapshot = await rig.Store.OpenSnapshotAsync(CancellationToken.None);
        await snapshot.ReadAsync(new CellQuery(FlushRig.All, TimeTier.Slices), stored, CancellationToken.None);
        Assert.All(stored.Series.Keys, s => Assert.Equal(4, FlushRig.CountOf(stored, s)));
    }

    [Fact]
    public async Task Flushes_at_once_come_one_after_the_other_without_gaps()
    {
        await using var rig = new FlushRig();
        await Task.WhenAll(Enumerable.Range(0, 20).Select(async _ =>
        {
            await rig.PostAsync();
            await rig.Flusher.FlushAsync(CancellationToken.None);
        }));
        Assert.Equal(Enumerable.Range(1, 20).Select(i => (long)i), rig.Store.Asked);
        await rig.SeesAsync(20);
    }

    [Fact]
    public async Task A_flush_that_somebody_else_has_committed_under_our_id_is_an_error_each_time_and_keeps_the_cells()
    {
        await using var rig = new FlushRig();
        var id = Guid.NewGuid();
        await rig.Store.CommitAsync(new FlushCommit(id, new FlushMark(1, 0), [], []), CancellationToken.None);
        using var flusher = new Kpi.Rollups.Flush.Flusher(
            rig.Lanes, rig.Store, new Kpi.Rollups.Flush.ReadGate(), rig.Catalog, id, default, TimeProvider.System);
        await rig.PostAsync();

        await Assert.ThrowsAsync<InvalidDataException>(() => flusher.FlushAsync(CancellationToken.None));
        await Assert.ThrowsAsync<InvalidDataException>(() => flusher.FlushAsync(CancellationToken.None));

        Assert.True(rig.Lanes.UncommittedBytes > 0);
        Assert.Equal(0, flusher.Committed);
    }

    [Fact]
    public async Task A_read_under_way_keeps_what_it_needs_while_flushes_go_on()
    {
        await using var rig = new FlushRig();
        await rig.PostAsync();

        // The snapshot comes first, then the lanes: two flushes in between must not take the cells away.
        var store = new GatedStore(rig.Store);
        var gate = new Kpi.Rollups.Flush.ReadGate();
        var id = Guid.NewGuid();
        using var flusher = new Kpi.Rollups.Flush.Flusher(rig.Lanes, rig.Store, gate, rig.Catalog, id, default, TimeProvider.System);
        var reader = new Kpi.Rollups.Reading.RollupReader(rig.Lanes, store, gate, flusher.Times, id);
        var totals = new CellTotals();
        var reading = reader.ReadAsync(FlushRig.All, totals, totals, CancellationToken.None);
        await store.Opened.Task.WaitAsync(TimeSpan.FromSeconds(30));
        await flusher.FlushAsync(CancellationToken.None);
        await rig.PostAsync();
        await flusher.FlushAsync(CancellationToken.None);
        Assert.True(rig.Lanes.UncommittedBytes > 0);
        store.GoOn.SetResult();
        Assert.Equal(new CommittedMark(0, 0), await reading.WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.All(totals.Series.Keys, s => Assert.Equal(2, FlushRig.CountOf(totals, s)));
        await rig.Lanes.DrainAsync(99);
        Assert.Equal(0, rig.Lanes.UncommittedBytes);
    }

    [Fact]
    public async Task A_view_tells_what_has_changed_since_an_earlier_one_and_shows_what_comes_on_top()
    {
        await using var rig = new FlushRig();
        await rig.PostAsync();
        await rig.Flusher.FlushAsync(CancellationToken.None);
        await rig.PostAsync(slice: 7);
        CommittedMark mark;
        await using (var view = await rig.Reader.OpenAsync(CancellationToken.None))
        {
            mark = view.Mark;
            Assert.Equal(new CommittedMark(1, 0), mark);
            Assert.Empty(view.ChangedSince(mark)!);
            Assert.Equal([new SliceRange(new Slice(1), new Slice(1))], view.ChangedSince(default)!);
            var totals = new CellTotals();
            await view.ReadUncommittedAsync(FlushRig.All, totals);
            Assert.Equal(3, totals.Series.Count);
        }

        await rig.Flusher.FlushAsync(CancellationToken.None);
        await using var later = await rig.Reader.OpenAsync(CancellationToken.None);
        Assert.Equal([new SliceRange(new Slice(7), new Slice(7))], later.ChangedSince(mark)!);
        Assert.Null(later.ChangedSince(mark with { Drops = 1 }));
        var none = new CellTotals();
        await later.ReadUncommittedAsync(FlushRig.All, none);
        Assert.Equal(0, none.Visits);
    }

    [Fact]
    public async Task A_writer_goes_on_where_its_store_says_it_stopped()
    {
        var contents = new MemoryRollupStore.Contents();
        var writer = Guid.NewGuid();
        await using (var rig = new FlushRig(new MemoryRollupStore(contents), writer: writer))
        {
            await rig.PostAsync();
            await rig.Flusher.FlushAsync(CancellationToken.None);
        }

        await using var again = new FlushRig(new MemoryRollupStore(contents), writer: writer, last: new FlushMark(1, 0));
        await again.PostAsync();
        await again.SeesAsync(2);
        await again.Flusher.FlushAsync(CancellationToken.None);
        Assert.Equal([2], again.Store.Asked);
        await again.SeesAsync(2);
    }

    /// <summary>Holds a reader up once it has its snapshot.</summary>
    private sealed class GatedStore(IRollupStore inner) : IRollupStore
    {
        public TaskCompletionSource Opened { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource GoOn { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public async ValueTask<IRollupSnapshot> OpenSnapshotAsync(CancellationToken cancellation)
        {
            var snapshot = await inner.OpenSnapshotAsync(cancellation);
            Opened.SetResult();
            await GoOn.Task;
            return snapshot;
        }

        public ValueTask<CommitOutcome> CommitAsync(FlushCommit commit, CancellationToken cancellation) => inner.CommitAsync(commit, cancellation);

        public StoreFigures Figures => inner.Figures;

        public ValueTask<bool> MaintainAsync(Kpi.Rollups.Time.Slice now, CancellationToken cancellation) => inner.MaintainAsync(now, cancellation);

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
