namespace Kpi.Rollups.Time;

/// <summary>Cells of a tier are numbered as slices are: by their end, in units of their length. Periods are the stretches that compaction folds.</summary>
public static class TierMath
{
    /// <summary>All tiers, finest first.</summary>
    public static readonly IReadOnlyList<TimeTier> All = [TimeTier.Slices, TimeTier.Minutes, TimeTier.Quarters, TimeTier.Days];

    /// <summary>Slices in a cell.</summary>
    public static int SlicesOf(TimeTier tier) => tier switch
    {
        TimeTier.Slices => 1,
        TimeTier.Minutes => 6,
        TimeTier.Quarters => 90,
        TimeTier.Days => 8_640,
        _ => throw new ArgumentOutOfRangeException(nameof(tier)),
    };

    /// <summary>The tier from which a trailing window of this length takes its start: up to 30 minutes 10 s, up to 6 hours 1 minute, else 15 minutes.</summary>
    public static TimeTier SnapOf(TimeSpan window) =>
        window <= TimeSpan.FromMinutes(30) ? TimeTier.Slices : window <= TimeSpan.FromHours(6) ? TimeTier.Minutes : TimeTier.Quarters;

    /// <summary>The range with its start moved back to an edge of the tier; its end stays.</summary>
    public static SliceRange SnapStart(SliceRange range, TimeTier tier) => range with { First = SpanOf(tier, CellOf(tier, range.First)).First };

    /// <summary>The number of the cell that holds a slice.</summary>
    public static int CellOf(TimeTier tier, Slice slice) => (int)(((long)slice.Number + SlicesOf(tier) - 1) / SlicesOf(tier));

    /// <summary>The slices of the cell of a number.</summary>
    public static SliceRange SpanOf(TimeTier tier, int cell)
    {
        var length = SlicesOf(tier);
        return new SliceRange(new Slice(((cell - 1) * length) + 1), new Slice(cell * length));
    }

    /// <summary>Cells that are folded into one tile: 1 h of 10 s, 6 h of 1 min, 4 days of 15 min, 32 days of days.</summary>
    internal static int CellsPerPeriod(TimeTier tier) => tier switch
    {
        TimeTier.Quarters => 384,
        TimeTier.Days => 32,
        _ => 360,
    };

    /// <summary>The period that holds a cell; numbered by its end, as cells are.</summary>
    internal static int PeriodOf(TimeTier tier, int cell) => (int)(((long)cell + CellsPerPeriod(tier) - 1) / CellsPerPeriod(tier));

    /// <summary>The first cell of a period.</summary>
    internal static int FirstCellOf(TimeTier tier, int period) => ((period - 1) * CellsPerPeriod(tier)) + 1;
}
