using System.Globalization;
using Kpi.Rollups.Identity;

namespace Kpi.Collector.Points;

/// <summary>Which of the series that a point may have.</summary>
/// <param name="Kind">What it holds.</param>
/// <param name="Suffix">What its name has behind the metric's.</param>
/// <param name="Quantile">Of a summary's gauge, which quantile it shows.</param>
internal readonly record struct SeriesPart(SeriesKind Kind, string Suffix = "", double? Quantile = null)
{
    /// <summary>A label that it has beside the point's.</summary>
    public KeyValuePair<string, string>? Label =>
        Quantile is { } shown ? new("quantile", shown.ToString("R", CultureInfo.InvariantCulture)) : null;
}
