namespace Kpi.Rollups.Cells;

/// <summary>What one counter series gained in one slice: an exact increase, never a rate.</summary>
/// <param name="Increase">What was added.</param>
/// <param name="Samples">Samples behind it; none where a long interval was shared out over its slices. All below speaks of samples.</param>
/// <param name="FirstOffset">Nanoseconds from the slice's start to its first sample; PromQL's rate needs it.</param>
/// <param name="LastOffset">Nanoseconds from the slice's start to its last sample.</param>
/// <param name="LastRaw">The sender's running total at the last sample; NaN where increases came as such.</param>
/// <param name="Stale">The sender said that the series ends here.</param>
public readonly record struct CounterCell(FixedSum Increase, long Samples, long FirstOffset, long LastOffset, double LastRaw, bool Stale)
{
    /// <summary>Both together; the later sample decides the raw value and the stale mark.</summary>
    public static CounterCell operator +(CounterCell left, CounterCell right)
    {
        if (left.Samples == 0 || right.Samples == 0)
        {
            return (left.Samples == 0 ? right : left) with { Increase = left.Increase + right.Increase };
        }

        var last = LaterOf(left, right);
        return new CounterCell(
            left.Increase + right.Increase,
            left.Samples + right.Samples,
            Math.Min(left.FirstOffset, right.FirstOffset),
            last.LastOffset,
            last.LastRaw,
            last.Stale);
    }

    // At the same instant the larger total wins and NaN loses, so that the sum does not depend on the order.
    private static CounterCell LaterOf(CounterCell left, CounterCell right)
    {
        var order = left.LastOffset.CompareTo(right.LastOffset);
        order = order != 0 ? order : left.LastRaw.CompareTo(right.LastRaw);
        order = order != 0 ? order : left.Stale.CompareTo(right.Stale);
        return order >= 0 ? left : right;
    }
}
