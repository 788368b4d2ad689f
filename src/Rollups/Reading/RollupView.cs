using Kpi.Rollups.Flush;
using Kpi.Rollups.Lanes;
using Kpi.Rollups.Store;
using Kpi.Rollups.Time;

namespace Kpi.Rollups.Reading;

/// <summary>
/// What is committed at one moment, and what came on top of it: each observation once, however many parts are read. Dispose it soon:
/// while it is open the lanes keep what a flush has committed meanwhile.
/// </summary>
public sealed class RollupView : IAsyncDisposable
{
    private readonly LaneSet lanes;
    private readonly FlushedTimes flushed;
    private readonly IRollupSnapshot snapshot;
    private readonly ReadGate.Read read;

    private RollupView(LaneSet lanes, FlushedTimes flushed, IRollupSnapshot snapshot, ReadGate.Read read, CommittedMark mark)
    {
        this.lanes = lanes;
        this.flushed = flushed;
        this.snapshot = snapshot;
        this.read = read;
        Mark = mark;
    }

    /// <summary>What its committed part contains: the same mark and query add up to the same.</summary>
    public CommittedMark Mark { get; }

    internal static async Task<RollupView> OpenAsync(
        LaneSet lanes, IRollupStore store, ReadGate reads, FlushedTimes flushed, Guid writer, CancellationToken cancellation)
    {
        // The gate first: from here on the lanes keep what this snapshot lacks.
        var read = reads.Enter();
        IRollupSnapshot? snapshot = null;
        try
        {
            snapshot = await store.OpenSnapshotAsync(cancellation).ConfigureAwait(false);
            var mark = new CommittedMark(
                (await snapshot.LastFlushAsync(writer, cancellation).ConfigureAwait(false)).Number,
                await snapshot.DropsAsync(cancellation).ConfigureAwait(false));
            return new RollupView(lanes, flushed, snapshot, read, mark);
        }
        catch
        {
            if (snapshot is not null)
            {
                await snapshot.DisposeAsync().ConfigureAwait(false);
            }

            read.Dispose();
            throw;
        }
    }

    /// <summary>Slices that hold more here than under an earlier mark; null when that is not known, or when something was dropped.</summary>
    public IReadOnlyList<SliceRange>? ChangedSince(CommittedMark earlier) =>
        earlier.Drops == Mark.Drops ? flushed.Between(earlier.Flush, Mark.Flush) : null;

    /// <summary>Shows the committed cells of a range.</summary>
    public ValueTask ReadCommittedAsync(CellQuery query, ICellVisitor visitor, CancellationToken cancellation) =>
        snapshot.ReadAsync(query, visitor, cancellation);

    /// <summary>Shows what comes on top, in cells of 10 s.</summary>
    public Task ReadUncommittedAsync(SliceRange range, ICellVisitor visitor) => lanes.VisitAsync(range, Mark.Flush, visitor);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await snapshot.DisposeAsync().ConfigureAwait(false);
        read.Dispose();
    }
}
