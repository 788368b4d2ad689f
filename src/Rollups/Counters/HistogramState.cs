using Kpi.Rollups.Cells;
using Kpi.Rollups.Intake;

namespace Kpi.Rollups.Counters;

/// <summary>
/// What must be remembered of a histogram to turn its points into increases. Owned by the series' lane; it lives and goes with the
/// active series.
/// </summary>
internal sealed class HistogramState
{
    private TotalStreams<HistogramTotal> totals = new();
    private long newestIncrease;

    /// <summary>The buckets of its last point; null before there was one.</summary>
    public HistogramLayout? Layout { get; private set; }

    /// <summary>A histogram whose newest totals are known from an earlier life.</summary>
    public static HistogramState At(long start, long time, HistogramTotal total)
    {
        var state = new HistogramState { Layout = total.Counts.Layout };
        state.totals.Restore(start, time, total);
        return state;
    }

    /// <summary>Notes an increase; it is added whenever it comes.</summary>
    public RejectReason? TakeIncrease(long start, long time, HistogramLayout layout)
    {
        Layout = layout;
        totals.Clear();
        var overlaps = start != 0 && start < newestIncrease;
        newestIncrease = Math.Max(newestIncrease, time);
        return overlaps ? RejectReason.OverlappingSenders : null;
    }

    /// <summary>What running totals add. Kept ones belong to the state from now on.</summary>
    public TotalStep<HistogramTotal> TakeTotal(long start, long time, HistogramTotal total)
    {
        Layout = total.Counts.Layout;
        return totals.Take(start, time, total, followsIncreases: newestIncrease != 0);
    }
}
