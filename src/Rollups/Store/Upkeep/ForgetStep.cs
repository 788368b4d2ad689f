using Kpi.Rollups.Identity;
using Kpi.Rollups.Store.Sqlite;
using Kpi.Rollups.Time;
using Microsoft.Data.Sqlite;

namespace Kpi.Rollups.Store.Upkeep;

/// <summary>Forgets, once an hour, who was heard before anything is kept of it.</summary>
internal sealed class ForgetStep(RollupLimits limits) : IUpkeepStep
{
    private const int SlicesPerHour = 360;

    private int lookedAt;

    public Action<SqliteConnection>? Prepare(UpkeepView view)
    {
        if (view.Now.Number - lookedAt < SlicesPerHour)
        {
            return null;
        }

        lookedAt = view.Now.Number;
        var end = view.Now.Number - (int)(limits.Retention / Slice.Length);
        return StoredCoverage.AnyBefore(view.Read, end) ? writer => StoredCoverage.DropBefore(writer, end) : null;
    }
}
