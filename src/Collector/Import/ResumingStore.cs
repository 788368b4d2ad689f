using Kpi.Rollups.Store;
using Kpi.Rollups.Time;

namespace Kpi.Collector.Import;

/// <summary>
/// A store that leaves out what it has: flushes up to a place were committed by an earlier run, which decoded the same bodies in the
/// same order. What comes behind is numbered as if the left-out flushes had not been, so numbers have no gaps.
/// </summary>
/// <param name="inner">Where the rest goes; disposed with this.</param>
/// <param name="committed">Place in the file set up to which all is in it.</param>
internal sealed class ResumingStore(IRollupStore inner, long committed) : IRollupStore
{
    private long leftOut;

    /// <inheritdoc/>
    public StoreFigures Figures => inner.Figures;

    /// <summary>Place in the file set up to which all is in the store.</summary>
    public long Committed { get; private set; } = committed;

    /// <inheritdoc/>
    public async ValueTask<CommitOutcome> CommitAsync(FlushCommit commit, CancellationToken cancellation)
    {
        if (commit.Mark.Position <= Committed)
        {
            leftOut++;
            return CommitOutcome.Applied;
        }

        var numbered = commit with { Mark = commit.Mark with { Number = commit.Mark.Number - leftOut } };
        var outcome = await inner.CommitAsync(numbered, cancellation).ConfigureAwait(false);
        Committed = commit.Mark.Position;
        return outcome;
    }

    /// <inheritdoc/>
    public ValueTask<IRollupSnapshot> OpenSnapshotAsync(CancellationToken cancellation) => inner.OpenSnapshotAsync(cancellation);

    /// <inheritdoc/>
    public ValueTask<bool> MaintainAsync(Slice now, CancellationToken cancellation) => inner.MaintainAsync(now, cancellation);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
