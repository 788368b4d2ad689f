using Kpi.Rollups.Coverage;
using Kpi.Rollups.Identity;
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

    /// <summary>
    /// One bounded step of upkeep: rolls up, folds, drops what is beyond its retention. Commits wait for a part of it at most. What
    /// reads add up to is the same before and after, but for what is dropped. One caller at a time.
    /// </summary>
    /// <param name="now">The slice of the present, by which retention is reckoned.</param>
    /// <returns>True when there may be more to do at once.</returns>
    ValueTask<bool> MaintainAsync(Slice now, CancellationToken cancellation);

    /// <summary>How much the store holds and what it gave up.</summary>
    StoreFigures Figures { get; }
}

/// <summary>A consistent view of a store.</summary>
public interface IRollupSnapshot : IAsyncDisposable
{
    /// <summary>The last flush that a writer committed; number 0 when none.</summary>
    ValueTask<FlushMark> LastFlushAsync(Guid writer, CancellationToken cancellation);

    /// <summary>How often something was dropped: as long as it is the same, older commits still add up to the same.</summary>
    ValueTask<long> DropsAsync(CancellationToken cancellation);

    /// <summary>What a writer's flushes said was watched, and all sources that were heard.</summary>
    ValueTask<CoverageIncrement> CoverageAsync(Guid writer, CancellationToken cancellation);

    /// <summary>Shows the cells of a range, each part of an increment once.</summary>
    ValueTask ReadAsync(CellQuery query, ICellVisitor visitor, CancellationToken cancellation);

    /// <summary>All series of which there may be cells, and that are wanted.</summary>
    ValueTask<IReadOnlyList<Series>> FindSeriesAsync(Func<Series, bool> wanted, CancellationToken cancellation);
}

/// <summary>What a store tells about itself.</summary>
/// <param name="Bytes">Size of what it holds, free space inside its file not counted.</param>
/// <param name="FreeBytes">Free space inside its file, used before the file grows.</param>
/// <param name="Refused">Increments refused since the start, as older than all that is kept.</param>
/// <param name="DroppedForSpace">By tier: seconds of time dropped since the start, before their retention was over, to stay under the cap in bytes.</param>
public sealed record StoreFigures(long Bytes, long FreeBytes, long Refused, IReadOnlyDictionary<TimeTier, long> DroppedForSpace)
{
    /// <summary>Of a store that does not count.</summary>
    public static readonly StoreFigures None = new(0, 0, 0, new Dictionary<TimeTier, long>());
}
