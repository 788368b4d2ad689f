using Kpi.Rollups.Identity;
using Kpi.Rollups.Store.Sqlite;
using Kpi.Rollups.Time;
using Microsoft.Data.Sqlite;

namespace Kpi.Rollups.Store.Upkeep;

/// <summary>
/// Drops whole periods that are beyond the retention of their tier: at once for readers, piece by piece in the file. A tier keeps what
/// the next coarser one has not taken yet.
/// </summary>
internal sealed class DropStep(RollupLimits limits, Action seriesDropped) : IUpkeepStep
{
    private const int RowsPerStep = 512;
    private const int SlicesPerDay = 8_640;

    private int seriesDroppedTo;

    public Action<SqliteConnection>? Prepare(UpkeepView view) => Mark(view) ?? Sweep(view) ?? DropSeries(view);

    /// <summary>The last slice of the last period that ends at or before a slice.</summary>
    public static int PeriodEnd(TimeTier tier, int slice)
    {
        var length = TierMath.SlicesOf(tier) * TierMath.CellsPerPeriod(tier);
        return slice - (slice % length);
    }

    private Action<SqliteConnection>? Mark(UpkeepView view)
    {
        foreach (var tier in TierMath.All)
        {
            var reach = view.Reaches[tier];
            var wanted = view.Now.Number - (int)(limits.RetentionOf(tier) / Slice.Length);
            var end = PeriodEnd(tier, Math.Min(wanted, view.Reaches.MostDropped(tier)));
            if (end > reach.DroppedTo)
            {
                return writer => StoredReaches.Write(writer, reach with { DroppedTo = end });
            }
        }

        return null;
    }

    private static Action<SqliteConnection>? Sweep(UpkeepView view)
    {
        foreach (var tier in TierMath.All)
        {
            var dropped = view.Reaches[tier].DroppedTo;
            if (dropped == 0)
            {
                continue;
            }

            var cell = TierMath.CellOf(tier, new Slice(dropped));
            var period = TierMath.PeriodOf(tier, cell);
            if (view.FirstCell(tier, 0) is { } first && first <= cell)
            {
                return writer => Delete(writer, tier, cell, period);
            }
        }

        return null;
    }

    private static void Delete(SqliteConnection writer, TimeTier tier, int cell, int period)
    {
        (string, object)[] parameters = [("$tier", (int)tier), ("$cell", cell), ("$period", period), ("$most", RowsPerStep)];
        var tiles = writer.Execute("DELETE FROM tile WHERE number IN (SELECT number FROM tile WHERE tier = $tier AND period <= $period LIMIT $most)", parameters);
        var blocks = writer.Execute("DELETE FROM block WHERE number IN (SELECT number FROM block WHERE tier = $tier AND cell <= $cell LIMIT $most)", parameters);
        if (tiles + blocks < RowsPerStep)
        {
            writer.Execute("DELETE FROM fold WHERE tier = $tier AND period <= $period", parameters);
        }
    }

    // Cells of a series are at most so much younger than the day on which it was noted as seen.
    private Action<SqliteConnection>? DropSeries(UpkeepView view)
    {
        var refused = view.Reaches.RefusedTo;
        if (refused / SlicesPerDay == seriesDroppedTo / SlicesPerDay)
        {
            return null;
        }

        return writer =>
        {
            var dropped = writer.Execute(
                """
                DELETE FROM series WHERE (kind, number) IN (SELECT kind, number FROM series WHERE seen_day < $day LIMIT $most)
                """,
                ("$day", (refused / SlicesPerDay) - SeriesNumbers.SightLag), ("$most", RowsPerStep));
            seriesDroppedTo = dropped < RowsPerStep ? refused : seriesDroppedTo;
            if (dropped > 0)
            {
                seriesDropped();
            }
        };
    }
}
