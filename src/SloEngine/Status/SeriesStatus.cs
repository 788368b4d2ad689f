namespace Kpi.SloEngine.Status;

/// <summary>One series over a window.</summary>
/// <param name="Labels">Name and labels, as stored.</param>
/// <param name="Kind"><c>counter</c>, <c>gauge</c> or <c>distribution</c>.</param>
/// <param name="Increase">What a counter gained; null for others.</param>
/// <param name="Last">A gauge's last value, a counter's last raw one; null when there was none.</param>
/// <param name="Count">Events of a distribution, samples of a counter, values of a gauge.</param>
/// <param name="Sum">Sum of the values of a distribution or gauge, in its unit; null for a counter, and when a sender did not tell it.</param>
/// <param name="Coverage">Share of the window that was watched, 0..1, of the time since the first data; null before anybody listened.</param>
public sealed record SeriesStatus(
    IReadOnlyDictionary<string, string> Labels, string Kind, double? Increase, double? Last, long Count, double? Sum, double? Coverage)
{
    /// <summary>A gauge's smallest value.</summary>
    public double? Min { get; init; }

    /// <summary>A gauge's largest value.</summary>
    public double? Max { get; init; }
}
