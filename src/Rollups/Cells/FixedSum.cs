namespace Kpi.Rollups.Cells;

/// <summary>
/// A sum that is the same in any order: an integer count of 10⁻⁹ units (nanoseconds, when the unit is the second).
/// Reaches to ±1.7·10²⁹ units; beyond that it saturates.
/// </summary>
public readonly record struct FixedSum(Int128 Nanos)
{
    private const double NanosPerUnit = 1e9;

    /// <summary>Nothing added yet.</summary>
    public static FixedSum Zero => default;

    /// <summary>The nearest sum to a value; NaN counts as zero.</summary>
    public static FixedSum From(double value) => new((Int128)Math.Round(value * NanosPerUnit));

    /// <summary>The sum in units, rounded to a double.</summary>
    public double ToDouble() => (double)Nanos / NanosPerUnit;

    /// <summary>Exact sum of both.</summary>
    public static FixedSum operator +(FixedSum left, FixedSum right) => new(left.Nanos + right.Nanos);
}
