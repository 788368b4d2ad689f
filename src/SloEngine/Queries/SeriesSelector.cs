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
    private const string Total = "_total";

    /// <summary>Whether a series is meant.</summary>
    public static bool Selects(this VectorSelector selector, Series series) =>
        selector.Matches(name => LabelOf(series, name))
        || selector.Matches(name => name == LabelNames.MetricName ? PrometheusName(series) : LabelOf(series, name));

    /// <summary>A label's value: that of the label as asked for, else of the one whose name Prometheus would write like that.</summary>
    public static string? LabelOf(Series series, string name)
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
        if (series.Kind != SeriesKind.Counter)
        {
            return WithSuffix(name, unit);
        }

        // The unit stands before _total, also where the sender wrote _total himself.
        name = name.EndsWith(Total, StringComparison.Ordinal) ? name[..^Total.Length] : name;
        return WithSuffix(name, unit) + Total;
    }

    private static string WithSuffix(string name, string suffix) =>
        name.EndsWith(suffix, StringComparison.Ordinal) ? name : name + suffix;

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
