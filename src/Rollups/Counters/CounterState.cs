using Kpi.Rollups.Cells;
using Kpi.Rollups.Intake;
using Kpi.Rollups.Lanes;

namespace Kpi.Rollups.Counters;

/// <summary>
/// What must be remembered of a counter to turn its points into increases. Owned by the series' lane. It lives and goes with the
/// active series, so there are as many as active counters.
/// </summary>
internal sealed class CounterState
{
    private TotalStreams<FixedSum> totals = new();
    private long newestIncrease;

    /// <summary>A counter whose newest total is known from an earlier life, and its start is not.</summary>
    public static CounterState At(long time, FixedSum total)
    {
        var state = new CounterState();
        state.totals.Restore(start: 0, time, total);
        return state;
    }

    public CounterStep Take(in CounterSample sample)
    {
        if (sample.IsStale)
        {
            return CounterStep.Adds(FixedSum.Zero, sample.Time.Value);
        }

        var start = sample.Start.Value <= sample.Time.Value ? sample.Start.Value : 0;
        return sample.IsIncrease ? TakeIncrease(start, sample.Time.Value, sample.Value) : TakeTotal(start, sample.Time.Value, sample.Value);
    }

    /// <summary>An increase is added whenever it comes; there is nothing to compare it with.</summary>
    public static CounterStep StepOf(in CounterSample increase)
    {
        var known = increase.Start.Value > 0 && increase.Start.Value <= increase.Time.Value;
        return CounterStep.Adds(increase.IsStale ? FixedSum.Zero : increase.Value, known ? increase.Start.Value : increase.Time.Value);
    }

    private CounterStep TakeIncrease(long start, long time, FixedSum value)
    {
        // Totals that come after increases have counted the same events again, so they begin with a baseline.
        totals.Clear();
        var overlaps = start != 0 && start < newestIncrease;
        newestIncrease = Math.Max(newestIncrease, time);
        return CounterStep.Adds(value, start == 0 ? time : start, overlaps ? RejectReason.OverlappingSenders : null);
    }

    private CounterStep TakeTotal(long start, long time, FixedSum total)
    {
        var step = totals.Take(start, time, total, followsIncreases: newestIncrease != 0);
        return step.Use switch
        {
            TotalUse.Dropped => CounterStep.Dropped(step.Remark),
            TotalUse.Baseline => CounterStep.Baseline(step.From, step.Remark),
            TotalUse.Whole => CounterStep.Adds(total, step.From, step.Remark),
            _ => CounterStep.Adds(total - step.Before, step.From, step.Remark),
        };
    }
}
