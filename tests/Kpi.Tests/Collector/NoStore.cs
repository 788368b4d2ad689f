using Kpi.Rollups.Coverage;
using Kpi.Rollups.Identity;
using Kpi.Rollups.Reading;
using Kpi.Rollups.Store;
using Kpi.Rollups.Time;

namespace Kpi.Tests.Collector;

/// <summary>A store that keeps nothing, for tests that end before the store.</summary>
internal sealed class NoStore : IRollupStore, IRollupSnapshot
{
    public ValueTask<CommitOutcome> CommitAsync(FlushCommit commit, CancellationToken cancellation) => new(CommitOutcome.Applied);

    public ValueTask<IRollupSnapshot> OpenSnapshotAsync(CancellationToken cancellation) => new(this);

    public StoreFigures Figures => StoreFigures.None;

    public ValueTask<bool> MaintainAsync(Slice now, CancellationToken cancellation) => default;

    public ValueTask<FlushMark> LastFlushAsync(Guid writer, CancellationToken cancellation) => default;

    public ValueTask<CoverageIncrement> CoverageAsync(Guid writer, CancellationToken cancellation) => new(CoverageIncrement.None);

    public ValueTask<long> DropsAsync(CancellationToken cancellation) => default;

    public ValueTask ReadAsync(CellQuery query, ICellVisitor visitor, CancellationToken cancellation) => default;

    public ValueTask<IReadOnlyList<Series>> FindSeriesAsync(Func<Series, bool> wanted, CancellationToken cancellation) => new([]);

    public ValueTask DisposeAsync() => default;
}
