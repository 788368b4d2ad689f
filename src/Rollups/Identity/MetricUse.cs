namespace Kpi.Rollups.Identity;

/// <summary>What a metric takes of the room for series.</summary>
/// <param name="Name">The metric; empty when the series have none.</param>
/// <param name="Kind">What its series hold.</param>
/// <param name="Series">Active series, without the overflow series.</param>
/// <param name="Limit">The most there may be.</param>
/// <param name="Overflowed">Whether there is no room for another, or the overflow series has been sampled of late.</param>
/// <param name="Labels">Its labels, the one with most values first.</param>
public sealed record MetricUse(string Name, SeriesKind Kind, int Series, int Limit, bool Overflowed, IReadOnlyList<LabelUse> Labels);

/// <summary>How many values a label has in the active series of a metric.</summary>
/// <param name="Name">The label.</param>
/// <param name="Values">Different values.</param>
public sealed record LabelUse(string Name, int Values);
