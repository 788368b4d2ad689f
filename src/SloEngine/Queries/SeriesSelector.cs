using System.Text;
using Kpi.PromQl;
using Kpi.Rollups.Identity;

namespace Kpi.SloEngine.Queries;

/// <summary>
/// Which stored series a PromQL selector means. Names are stored as they came; the selector may also spell them as Prometheus
/// would have: <c>http_server_request_duration_seconds{service_name="shop"}</c>.
/// </summary>
/// <remarks>Source of the translation: OpenTelemetry specification, compatibility/prometheus_and_openmetrics.md.</remarks>
internal static class SeriesSelector
{
    /// <summary>Whether a series is meant.</summary>
    public static bool Selects(this VectorSelector selector, Series series) =>
        selector.Matches(name => LabelOf(series, name))
        || selector.Matches(name => name == LabelNames.MetricName ? PrometheusName(series) : LabelOf(series, name));

    // The label as asked for; else the one whose name Prometheus would write like that.
    private static string? LabelOf(Series series, string name)
    {
        if (series.Labels[name] is { } exact)
        {
            return exact;
        }

        foreach (var (stored, value) in series.Labels)
        {
            if (stored.Length == name.Length && Underscored(stored) == name)
            {
                return value;
            }
        }

        return null;
    }

    private static string PrometheusName(Series series)
    {
        var unit = series.Unit switch
        {
            "s" => "_seconds",
            "By" => "_bytes",
            _ => "",
        };
        var name = Underscored(series.Name);
        name += name.EndsWith(unit, StringComparison.Ordinal) ? "" : unit;
        return series.Kind == SeriesKind.Counter && !name.EndsWith("_total", StringComparison.Ordinal) ? name + "_total" : name;
    }

    private static string Underscored(string name)
    {
        var text = new StringBuilder(name.Length);
        foreach (var character in name)
        {
            text.Append(char.IsAsciiLetterOrDigit(character) || character is '_' or ':' ? character : '_');
        }

        return text.ToString();
    }
}
