namespace Kpi.SloEngine.Status;

/// <summary>One series over a window.</summary>
/// <param name="Labels">Name and labels, as stored.</param>
/// <param name="Kind"><c>counter</c> or <c>distribution</c>.</param>
/// <param name="Increase">What a counter gained; null for a distribution.</param>
/// <param name="Last">A counter's last raw value; null when it never had one.</param>
/// <param name="Count">Events of a distribution, or samples of a counter.</param>
/// <param name="Sum">Sum of a distribution's values, in its unit; null for a counter.</param>
/// <param name="Coverage">Share of the window that was watched, 0..1, of the time since the first data; null before anybody listened.</param>
public sealed record SeriesStatus(
    IReadOnlyDictionary<string, string> Labels, string Kind, double? Increase, double? Last, long Count, double? Sum, double? Coverage);
