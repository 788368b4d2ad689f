using Kpi.Rollups.Time;

namespace Kpi.Rollups.Lanes;

/// <summary>One data point of a gauge, on its way to a lane.</summary>
/// <param name="Slot">The series.</param>
/// <param name="Time">When it was read.</param>
/// <param name="Value">Its value; NaN where the sender read none.</param>
/// <param name="IsStale">The sender lost sight of the series; the value says nothing then.</param>
public readonly record struct GaugeSample(int Slot, UnixNanos Time, double Value, bool IsStale);
