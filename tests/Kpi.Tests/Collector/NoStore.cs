using Kpi.Rollups.Reading;
using Kpi.Rollups.Store;
using Kpi.Rollups.Time;

namespace Kpi.Tests.Collector;

/// <summary>A store that keeps nothing, for tests that end before the store.</summary>
internal sealed class NoStore : IRollupStore, IRollupSnapshot
{
    public ValueTask<CommitOutcome> CommitAsync(FlushCommit commit, CancellationToken cancellation) => new(CommitOutcome.Applied);

    public ValueTask<IRollupSnapshot> OpenSnapshotAsync(CancellationToken cancellation) => new(this);

    public ValueTask DropBeforeAsync(Slice firstKept, CancellationToken cancellation) => default;

    public ValueTask<FlushMark> LastFlushAsync(Guid writer, CancellationToken cancellation) => default;

    public ValueTask ReadAsync(SliceRange range, ICellVisitor visitor, CancellationToken cancellation) => default;

    public ValueTask DisposeAsync() => default;
}
