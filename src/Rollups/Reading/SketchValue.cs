namespace Kpi.Rollups.Reading;

/// <summary>A value read from a sketch: the true one lies in <c>[Low, High]</c>, and <see cref="Value"/> within 0.55 % of it.</summary>
public readonly record struct SketchValue(double Value, double Low, double High);
