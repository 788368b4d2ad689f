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
    private readonly Guid writer;

    internal RollupReader(LaneSet lanes, IRollupStore store, ReadGate reads, Guid writer)
    {
        this.lanes = lanes;
        this.store = store;
        this.reads = reads;
        this.writer = writer;
    }

    /// <summary>Shows every cell of the range at 10 s, where these are kept: see the other overload.</summary>
    public Task<CommittedMark> ReadAsync(SliceRange range, ICellVisitor ofCommitted, ICellVisitor ofUncommitted, CancellationToken cancellation) =>
        ReadAsync(new CellQuery(range, TimeTier.Slices), ofCommitted, ofUncommitted, cancellation);

    /// <summary>
    /// Shows what is committed to one visitor, what comes on top, in cells of 10 s, to the other; they may be the same. A query for
    /// some series alone does not keep other uncommitted ones from being offered.
    /// </summary>
    /// <returns>What the committed part contains: the same mark and query add up to the same.</returns>
    public async Task<CommittedMark> ReadAsync(CellQuery query, ICellVisitor ofCommitted, ICellVisitor ofUncommitted, CancellationToken cancellation)
    {
        // The gate first: from here on the lanes keep what this snapshot lacks.
        using var read = reads.Enter();
        await using var snapshot = await store.OpenSnapshotAsync(cancellation).ConfigureAwait(false);
        var committed = await MarkOfAsync(snapshot, cancellation).ConfigureAwait(false);
        await lanes.VisitAsync(query.Range, committed.Flush, ofUncommitted).ConfigureAwait(false);
        await snapshot.ReadAsync(query, ofCommitted, cancellation).ConfigureAwait(false);
        return committed;
    }

    /// <summary>Shows the uncommitted cells alone: what comes on top of a committed part that was read before.</summary>
    /// <param name="range">The same range.</param>
    /// <param name="committed">What that part contained.</param>
    /// <returns>False when there is a later flush, or something was dropped: read the committed part again.</returns>
    public async Task<bool> TryReadUncommittedAsync(SliceRange range, CommittedMark committed, ICellVisitor visitor, CancellationToken cancellation)
    {
        using var read = reads.Enter();
        await using var snapshot = await store.OpenSnapshotAsync(cancellation).ConfigureAwait(false);
        if (await MarkOfAsync(snapshot, cancellation).ConfigureAwait(false) != committed)
        {
            return false;
        }

        await lanes.VisitAsync(range, committed.Flush, visitor).ConfigureAwait(false);
        return true;
    }

    /// <summary>All series of which something may be committed, and that are wanted.</summary>
    public async Task<IReadOnlyList<Series>> FindSeriesAsync(Func<Series, bool> wanted, CancellationToken cancellation)
    {
        await using var snapshot = await store.OpenSnapshotAsync(cancellation).ConfigureAwait(false);
        return await snapshot.FindSeriesAsync(wanted, cancellation).ConfigureAwait(false);
    }

    private async ValueTask<CommittedMark> MarkOfAsync(IRollupSnapshot snapshot, CancellationToken cancellation) => new(
        (await snapshot.LastFlushAsync(writer, cancellation).ConfigureAwait(false)).Number,
        await snapshot.DropsAsync(cancellation).ConfigureAwait(false));
}

/// <summary>What a committed part contains. Rolling up and folding change nothing in what it adds up to, so they are not in it.</summary>
/// <param name="Flush">The last flush of this data folder's writer.</param>
/// <param name="Drops">How often something was dropped.</param>
public readonly record struct CommittedMark(long Flush, long Drops);
