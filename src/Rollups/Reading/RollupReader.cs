using Kpi.Rollups.Flush;
using Kpi.Rollups.Identity;
using Kpi.Rollups.Lanes;
using Kpi.Rollups.Store;
using Kpi.Rollups.Time;

namespace Kpi.Rollups.Reading;

/// <summary>
/// Reads a range: what is committed and what is not yet, each observation once. Whatever a sender has been told is applied
/// before the read begins is in it.
/// </summary>
public sealed class RollupReader
{
    private readonly LaneSet lanes;
    private readonly IRollupStore store;
    private readonly ReadGate reads;
    private readonly FlushedTimes flushed;
    private readonly Guid writer;

    internal RollupReader(LaneSet lanes, IRollupStore store, ReadGate reads, FlushedTimes flushed, Guid writer)
    {
        this.lanes = lanes;
        this.store = store;
        this.reads = reads;
        this.flushed = flushed;
        this.writer = writer;
    }

    /// <summary>A view to read several parts from, and to tell by what has changed since an earlier one.</summary>
    public Task<RollupView> OpenAsync(CancellationToken cancellation) =>
        RollupView.OpenAsync(lanes, store, reads, flushed, writer, cancellation);

    /// <summary>Shows every cell of the range at 10 s, where these are kept: see the other overload.</summary>
    public Task<CommittedMark> ReadAsync(SliceRange range, ICellVisitor ofCommitted, ICellVisitor ofUncommitted, CancellationToken cancellation) =>
        ReadAsync(new CellQuery(range, TimeTier.Slices), ofCommitted, ofUncommitted, cancellation);

    /// <summary>
    /// Shows what is committed to one visitor, what comes on top, in cells of 10 s, to the other; they may be the same. A query for
    /// some series alone does not keep other uncommitted ones from being offered.
    /// </summary>
    /// <returns>What the committed part contains.</returns>
    public async Task<CommittedMark> ReadAsync(CellQuery query, ICellVisitor ofCommitted, ICellVisitor ofUncommitted, CancellationToken cancellation)
    {
        await using var view = await OpenAsync(cancellation).ConfigureAwait(false);
        await view.ReadUncommittedAsync(query.Range, ofUncommitted).ConfigureAwait(false);
        await view.ReadCommittedAsync(query, ofCommitted, cancellation).ConfigureAwait(false);
        return view.Mark;
    }

    /// <summary>All series of which something may be committed, and that are wanted.</summary>
    public async Task<IReadOnlyList<Series>> FindSeriesAsync(Func<Series, bool> wanted, CancellationToken cancellation)
    {
        await using var snapshot = await store.OpenSnapshotAsync(cancellation).ConfigureAwait(false);
        return await snapshot.FindSeriesAsync(wanted, cancellation).ConfigureAwait(false);
    }
}

/// <summary>What a committed part contains. Rolling up and folding change nothing in what it adds up to, so they are not in it.</summary>
/// <param name="Flush">The last flush of this data folder's writer.</param>
/// <param name="Drops">How often something was dropped.</param>
public readonly record struct CommittedMark(long Flush, long Drops);
