using Kpi.Rollups.Cells;
using Kpi.Rollups.Intake;

namespace Kpi.Rollups.Counters;

/// <summary>What a point does to its counter.</summary>
/// <param name="IsSample">Whether the point is a sample of the series; else it adds nothing and is not seen.</param>
/// <param name="Increase">What it adds.</param>
/// <param name="From">Since when, in nanoseconds since 1970; the point's own time when nobody knows.</param>
/// <param name="Remark">What is to be said of it.</param>
internal readonly record struct CounterStep(bool IsSample, FixedSum Increase, long From, RejectReason? Remark)
{
    public static CounterStep Adds(FixedSum increase, long from, RejectReason? remark = null) => new(true, increase, from, remark);

    /// <summary>A sample from which later ones are counted.</summary>
    public static CounterStep Baseline(long time, RejectReason? remark) => new(true, FixedSum.Zero, time, remark);

    public static CounterStep Dropped(RejectReason? remark) => new(false, FixedSum.Zero, 0, remark);
}
