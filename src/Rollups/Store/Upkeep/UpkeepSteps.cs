using Kpi.Rollups.Identity;
using Kpi.Rollups.Store.Sqlite;
using Kpi.Rollups.Time;
using Microsoft.Data.Sqlite;

namespace Kpi.Rollups.Store.Upkeep;

/// <summary>All upkeep of a store, the most urgent first. One caller at a time.</summary>
internal sealed class UpkeepSteps
{
    private readonly IUpkeepStep[] steps;
    private readonly CapStep cap;

    public UpkeepSteps(RollupLimits limits, Action seriesDropped)
    {
        var folds = new FoldStep();
        cap = new CapStep(limits);
        steps = [new RollUpStep(), new LateStep(folds), new DropStep(limits, seriesDropped), new ForgetStep(limits), folds, cap];
    }

    /// <summary>Size as of the last step that looked, and seconds of time dropped to stay under the cap.</summary>
    public (long Bytes, long FreeBytes, IReadOnlyDictionary<TimeTier, long> Dropped) Figures => (cap.Size.Bytes, cap.Size.FreeBytes, cap.DroppedSeconds);

    /// <summary>Prepares the next step beside commits; null when there is nothing to do.</summary>
    public Action<SqliteConnection>? Prepare(SqliteConnection read, SqliteNames names, Slice now, CancellationToken cancellation)
    {
        var view = new UpkeepView(read, names, StoredReaches.Read(read), now, cancellation);
        return steps.Select(s => s.Prepare(view)).FirstOrDefault(work => work is not null);
    }
}
