using Kpi.Rollups.Reading;
using Kpi.Rollups.Time;

namespace Kpi.Rollups.Store;

/// <summary>
/// Where committed cells lie. The seam between one machine and several: every implementation passes the same contract suite.
/// </summary>
public interface IRollupStore : IAsyncDisposable
{
    /// <summary>Commits a flush whole, or, when the same writer committed that number before, does nothing and says so.</summary>
    ValueTask<CommitOutcome> CommitAsync(FlushCommit commit, CancellationToken cancellation);

    /// <summary>A view of what is committed now; later commits do not change it.</summary>
    ValueTask<IRollupSnapshot> OpenSnapshotAsync(CancellationToken cancellation);

    /// <summary>Drops all cells of slices before <paramref name="firstKept"/>, and series that have none left.</summary>
    ValueTask DropBeforeAsync(Slice firstKept, CancellationToken cancellation);
}

/// <summary>A consistent view of a store.</summary>
public interface IRollupSnapshot : IAsyncDisposable
{
    /// <summary>The last flush that a writer committed; number 0 when none.</summary>
    ValueTask<FlushMark> LastFlushAsync(Guid writer, CancellationToken cancellation);

    /// <summary>Shows the cells of a range.</summary>
    ValueTask ReadAsync(SliceRange range, ICellVisitor visitor, CancellationToken cancellation);
}
