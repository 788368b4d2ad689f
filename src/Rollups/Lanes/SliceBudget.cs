using Kpi.Rollups.Intake;

namespace Kpi.Rollups.Lanes;

/// <summary>
/// Slices that the long intervals of a batch may still be shared out over: what the lane's memory holds. Counted as a counter's; a larger
/// cell takes several.
/// </summary>
internal sealed class SliceBudget
{
    private long left;

    public void Begin(long slices) => left = slices;

    /// <summary>Takes slices. False when there are too few; then all that follow in the batch stay unshared, and it is noted.</summary>
    public bool TryTake(long slices, LaneRemarks remarks)
    {
        left -= slices;
        if (left < 0)
        {
            left = 0;
            remarks.Note(RejectReason.IntervalNotShared);
            return false;
        }

        return true;
    }
}
