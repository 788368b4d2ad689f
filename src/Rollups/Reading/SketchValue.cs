namespace Kpi.Rollups.Reading;

/// <summary>
/// A value read from buckets: the true one lies in <c>[Low, High]</c>; of what we counted ourselves <see cref="Value"/> lies within 0.55 % of it.
/// High is +∞ where a sender's buckets know no more than "above".
/// </summary>
public readonly record struct SketchValue(double Value, double Low, double High);
