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

    /// <summary>Slices at which upkeep was asked for, in order.</summary>
    public List<Slice> Maintained { get; } = [];

    /// <summary>What upkeep answers; asked once per step.</summary>
    public Func<bool>? More { get; set; }

    public StoreFigures Figures => inner.Figures;

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

    public ValueTask<bool> MaintainAsync(Slice now, CancellationToken cancellation)
    {
        Maintained.Add(now);
        return More is null ? inner.MaintainAsync(now, cancellation) : new(More());
    }

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
