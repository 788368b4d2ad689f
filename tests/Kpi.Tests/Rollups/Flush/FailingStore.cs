using Kpi.Rollups.Store;
using Kpi.Rollups.Time;

namespace Kpi.Tests.Rollups.Flush;

/// <summary>A store whose commits fail when told to: before anything is written, or after all of it is.</summary>
internal sealed class FailingStore(IRollupStore inner) : IRollupStore
{
    public enum Failure
    {
        None,
        BeforeCommit,
        AfterCommit,
    }

    /// <summary>How the next commits fail; asked once per commit.</summary>
    public Func<Failure> Next { get; set; } = () => Failure.None;

    /// <summary>Numbers of the flushes that came, failed ones included.</summary>
    public List<long> Asked { get; } = [];

    /// <summary>Slices that were dropped up to, in order.</summary>
    public List<Slice> Dropped { get; } = [];

    public async ValueTask<CommitOutcome> CommitAsync(FlushCommit commit, CancellationToken cancellation)
    {
        Asked.Add(commit.Mark.Number);
        var failure = Next();
        if (failure == Failure.BeforeCommit)
        {
            throw new IOException("the disk is full");
        }

        var outcome = await inner.CommitAsync(commit, cancellation);
        return failure == Failure.AfterCommit ? throw new IOException("the answer was lost") : outcome;
    }

    public ValueTask<IRollupSnapshot> OpenSnapshotAsync(CancellationToken cancellation) => inner.OpenSnapshotAsync(cancellation);

    public ValueTask DropBeforeAsync(Slice firstKept, CancellationToken cancellation)
    {
        Dropped.Add(firstKept);
        return inner.DropBeforeAsync(firstKept, cancellation);
    }

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
