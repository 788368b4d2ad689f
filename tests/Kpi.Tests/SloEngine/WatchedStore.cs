using Kpi.Rollups.Coverage;
using Kpi.Rollups.Identity;
using Kpi.Rollups.Reading;
using Kpi.Rollups.Store;
using Kpi.Rollups.Time;

namespace Kpi.Tests.SloEngine;

/// <summary>A store that counts what is opened, notes what is read and calls a test before each opening.</summary>
internal sealed class WatchedStore(IRollupStore inner) : IRollupStore
{
    private int opened;

    public int Opened => Volatile.Read(ref opened);

    public Func<CancellationToken, Task> BeforeOpen { get; set; } = _ => Task.CompletedTask;

    public ValueTask<CommitOutcome> CommitAsync(FlushCommit commit, CancellationToken cancellation) =>
        inner.CommitAsync(commit, cancellation);

    public async ValueTask<IRollupSnapshot> OpenSnapshotAsync(CancellationToken cancellation)
    {
        Interlocked.Increment(ref opened);
        await BeforeOpen(cancellation);
        return new WatchedSnapshot(await inner.OpenSnapshotAsync(cancellation), Queries);
    }

    /// <summary>What was read. By one reader at a time, where a test looks at it.</summary>
    public List<CellQuery> Queries { get; } = [];

    public StoreFigures Figures => inner.Figures;

    public ValueTask<bool> MaintainAsync(Slice now, CancellationToken cancellation) => inner.MaintainAsync(now, cancellation);

    public ValueTask DisposeAsync() => inner.DisposeAsync();

    private sealed class WatchedSnapshot(IRollupSnapshot inner, List<CellQuery> queries) : IRollupSnapshot
    {
        public ValueTask<FlushMark> LastFlushAsync(Guid writer, CancellationToken cancellation) => inner.LastFlushAsync(writer, cancellation);

        public ValueTask<long> DropsAsync(CancellationToken cancellation) => inner.DropsAsync(cancellation);

        public ValueTask<CoverageIncrement> CoverageAsync(Guid writer, CancellationToken cancellation) => inner.CoverageAsync(writer, cancellation);

        public ValueTask ReadAsync(CellQuery query, ICellVisitor visitor, CancellationToken cancellation)
        {
            lock (queries)
            {
                queries.Add(query);
            }

            return inner.ReadAsync(query, visitor, cancellation);
        }

        public ValueTask<IReadOnlyList<Series>> FindSeriesAsync(Func<Series, bool> wanted, CancellationToken cancellation) =>
            inner.FindSeriesAsync(wanted, cancellation);

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
