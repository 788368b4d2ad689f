namespace Kpi.Rollups.Cells;

/// <summary>What one gauge showed in one slice.</summary>
/// <param name="Last">The value of the last sample; NaN when it was none, or a mark that the series ends.</param>
/// <param name="LastOffset">Nanoseconds from the slice's start to the last sample.</param>
/// <param name="Min">Smallest value; +∞ without values.</param>
/// <param name="Max">Largest value; −∞ without values.</param>
/// <param name="Sum">Sum of the values, of which the mean is made.</param>
/// <param name="Count">Samples that had a value other than NaN.</param>
/// <param name="Stale">The sender said that the series ends here.</param>
public readonly record struct GaugeCell(double Last, long LastOffset, double Min, double Max, FixedSum Sum, long Count, bool Stale)
{
    /// <summary>One sample.</summary>
    /// <param name="value">The value; NaN is kept as the last value and counts nowhere else.</param>
    /// <param name="offset">Nanoseconds from the slice's start.</param>
    public static GaugeCell Of(double value, long offset) => double.IsNaN(value)
        ? new GaugeCell(double.NaN, offset, double.PositiveInfinity, double.NegativeInfinity, FixedSum.Zero, 0, Stale: false)
        : new GaugeCell(value, offset, value, value, FixedSum.From(value), 1, Stale: false);

    /// <summary>The mark that the series ends.</summary>
    public static GaugeCell End(long offset) => Of(double.NaN, offset) with { Stale = true };

    /// <summary>Both together; the later sample is the last.</summary>
    public static GaugeCell operator +(GaugeCell left, GaugeCell right)
    {
        var last = LaterOf(left, right);
        return new GaugeCell(
            last.Last,
            last.LastOffset,
            Math.Min(left.Min, right.Min),
            Math.Max(left.Max, right.Max),
            left.Sum + right.Sum,
            left.Count + right.Count,
            last.Stale);
    }

    // At the same instant the larger value wins and NaN loses, so that the sum does not depend on the order.
    private static GaugeCell LaterOf(GaugeCell left, GaugeCell right)
    {
        var order = left.LastOffset.CompareTo(right.LastOffset);
        order = order != 0 ? order : left.Last.CompareTo(right.Last);
        order = order != 0 ? order : left.Stale.CompareTo(right.Stale);
        return order >= 0 ? left : right;
    }
}
