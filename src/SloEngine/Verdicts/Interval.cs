namespace Kpi.SloEngine.Verdicts;

/// <summary>Both ends included; <paramref name="Low"/> ≤ <paramref name="High"/>.</summary>
internal readonly record struct Interval(double Low, double High)
{
    /// <summary>An interval without width: a value known exactly.</summary>
    public static Interval Exactly(double value) => new(value, value);
}
