using Kpi.Rollups.Store;
using Kpi.Rollups.Time;

namespace Kpi.Tests.SloEngine;

/// <summary>A store that counts what is opened and calls a test before each opening.</summary>
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
        return await inner.OpenSnapshotAsync(cancellation);
    }

    public StoreFigures Figures => inner.Figures;

    public ValueTask<bool> MaintainAsync(Slice now, CancellationToken cancellation) => inner.MaintainAsync(now, cancellation);

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
