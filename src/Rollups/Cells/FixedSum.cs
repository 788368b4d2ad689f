using Kpi.Rollups.Counters;

namespace Kpi.Rollups.Cells;

/// <summary>
/// A sum that is the same in any order: an integer count of 10⁻⁹ units (nanoseconds, when the unit is the second).
/// Reaches to ±1.7·10²⁹ units; beyond that it saturates.
/// </summary>
public readonly record struct FixedSum(Int128 Nanos) : IRunningTotal<FixedSum>
{
    private const long NanosPerUnit = 1_000_000_000;
    private const double Reach = 1.7e29;
    private const long ExactInDouble = 1L << 53;

    /// <summary>Nothing added yet.</summary>
    public static FixedSum Zero => default;

    /// <summary>Whether it is a number of whole units.</summary>
    public bool IsWhole => Nanos % NanosPerUnit == 0;

    /// <summary>The nearest sum to a value; NaN counts as zero.</summary>
    public static FixedSum From(double value)
    {
        // Whole units and the rest apart: 12,345,678,901 times 10⁹ has more digits than a double.
        var whole = Math.Truncate(value);
        if (Math.Abs(whole) >= Reach)
        {
            return EndOn(negative: whole < 0);
        }

        return new FixedSum(((Int128)whole * NanosPerUnit) + (long)Math.Round((value - whole) * NanosPerUnit));
    }

    /// <summary>The sum of whole units.</summary>
    public static FixedSum From(long value) => new((Int128)value * NanosPerUnit);

    /// <summary>The sum in units, rounded to a double.</summary>
    public double ToDouble() => Nanos >= -ExactInDouble && Nanos <= ExactInDouble
        ? (double)Nanos / NanosPerUnit
        : (double)(Nanos / NanosPerUnit) + ((double)(Nanos % NanosPerUnit) / NanosPerUnit);

    /// <summary>Exact sum of both.</summary>
    public static FixedSum operator +(FixedSum left, FixedSum right)
    {
        var sum = unchecked(left.Nanos + right.Nanos);
        var overflowed = Int128.IsNegative((left.Nanos ^ sum) & (right.Nanos ^ sum));
        return overflowed ? EndOn(Int128.IsNegative(left.Nanos)) : new FixedSum(sum);
    }

    /// <summary>Exact difference.</summary>
    public static FixedSum operator -(FixedSum left, FixedSum right)
    {
        var difference = unchecked(left.Nanos - right.Nanos);
        var overflowed = Int128.IsNegative((left.Nanos ^ right.Nanos) & (left.Nanos ^ difference));
        return overflowed ? EndOn(Int128.IsNegative(left.Nanos)) : new FixedSum(difference);
    }

    bool IRunningTotal<FixedSum>.IsBelow(FixedSum earlier) => Nanos < earlier.Nanos;

    bool IRunningTotal<FixedSum>.IsSame(FixedSum other) => this == other;

    bool IRunningTotal<FixedSum>.GoesOnFrom(FixedSum earlier) => true;

    private static FixedSum EndOn(bool negative) => new(negative ? Int128.MinValue : Int128.MaxValue);
}
