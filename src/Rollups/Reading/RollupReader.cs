using Kpi.Rollups.Flush;
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

    /// <summary>Shows every cell of the range: what is committed to one visitor, what comes on top to the other; they may be the same.</summary>
    /// <returns>Number of the last flush that the committed part contains: the same number and range give the same committed part.</returns>
    public async Task<long> ReadAsync(SliceRange range, ICellVisitor ofCommitted, ICellVisitor ofUncommitted, CancellationToken cancellation)
    {
        // The gate first: from here on the lanes keep what this snapshot lacks.
        using var read = reads.Enter();
        await using var snapshot = await store.OpenSnapshotAsync(cancellation).ConfigureAwait(false);
        var committed = (await snapshot.LastFlushAsync(writer, cancellation).ConfigureAwait(false)).Number;
        await lanes.VisitAsync(range, committed, ofUncommitted).ConfigureAwait(false);
        await snapshot.ReadAsync(range, ofCommitted, cancellation).ConfigureAwait(false);
        return committed;
    }

    /// <summary>Shows the uncommitted cells alone: what comes on top of a committed part that was read at flush <paramref name="committed"/>.</summary>
    /// <returns>False when that flush is no longer the last: read the committed part again.</returns>
    public async Task<bool> TryReadUncommittedAsync(SliceRange range, long committed, ICellVisitor visitor, CancellationToken cancellation)
    {
        using var read = reads.Enter();
        await using var snapshot = await store.OpenSnapshotAsync(cancellation).ConfigureAwait(false);
        if ((await snapshot.LastFlushAsync(writer, cancellation).ConfigureAwait(false)).Number != committed)
        {
            return false;
        }

        await lanes.VisitAsync(range, committed, visitor).ConfigureAwait(false);
        return true;
    }
}
