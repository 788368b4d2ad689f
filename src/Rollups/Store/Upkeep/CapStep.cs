using Kpi.Rollups.Identity;
using Kpi.Rollups.Store.Sqlite;
using Kpi.Rollups.Time;
using Microsoft.Data.Sqlite;

namespace Kpi.Rollups.Store.Upkeep;

/// <summary>
/// Keeps the store under its cap in bytes: over it, the oldest period of the finest tier that the next coarser one has taken is
/// dropped. Gives free space in the file back when it is a quarter of it.
/// </summary>
internal sealed class CapStep(RollupLimits limits) : IUpkeepStep
{
    private const int PagesFreedAtOnce = 256;
    private const long LeastFreeBytes = 64L << 20;

    private readonly Dictionary<TimeTier, long> droppedSeconds = TierMath.All.ToDictionary(t => t, _ => 0L);

    // Replaced whole, as others read it.
    private volatile Sizes sizes = new(0, 0);

    public (long Bytes, long FreeBytes) Size
    {
        get
        {
            var now = sizes;
            return (now.Used, now.Free);
        }
    }

    /// <summary>A copy, for any thread.</summary>
    public IReadOnlyDictionary<TimeTier, long> DroppedSeconds
    {
        get
        {
            lock (droppedSeconds)
            {
                return new Dictionary<TimeTier, long>(droppedSeconds);
            }
        }
    }

    public Action<SqliteConnection>? Prepare(UpkeepView view)
    {
        var now = sizes = Sizes.Of(view.Read);
        if (now.Used > limits.StoreBytes)
        {
            foreach (var tier in TierMath.All)
            {
                if (Oldest(view, tier) is { } end)
                {
                    return writer => Drop(writer, view, tier, end);
                }
            }
        }

        return now.Free > Math.Max(LeastFreeBytes, now.Used / 3)
            ? writer => writer.Execute($"PRAGMA incremental_vacuum({PagesFreedAtOnce})")
            : null;
    }

    private static int? Oldest(UpkeepView view, TimeTier tier)
    {
        if (view.FirstCell(tier, 0) is not { } first)
        {
            return null;
        }

        var end = TierMath.PeriodOf(tier, first) * TierMath.CellsPerPeriod(tier) * TierMath.SlicesOf(tier);
        return end <= view.Reaches.MostDropped(tier) ? end : null;
    }

    private void Drop(SqliteConnection writer, UpkeepView view, TimeTier tier, int end)
    {
        StoredReaches.Write(writer, view.Reaches[tier] with { DroppedTo = end });
        lock (droppedSeconds)
        {
            droppedSeconds[tier] += TierMath.CellsPerPeriod(tier) * TierMath.SlicesOf(tier) * (long)Slice.Length.TotalSeconds;
        }
    }

    private sealed record Sizes(long Used, long Free)
    {
        public static Sizes Of(SqliteConnection connection)
        {
            var page = connection.Number("PRAGMA page_size") ?? 0;
            var free = connection.Number("PRAGMA freelist_count") ?? 0;
            return new Sizes(((connection.Number("PRAGMA page_count") ?? 0) - free) * page, free * page);
        }
    }
}
