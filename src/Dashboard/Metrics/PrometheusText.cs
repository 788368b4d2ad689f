using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace Kpi.Dashboard.Metrics;

/// <summary>Prometheus' text format 0.0.4, the part we write. Source: prometheus.io, "Exposition formats".</summary>
internal static class PrometheusText
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    public static string Write(MeterReadings readings)
    {
        var text = new StringBuilder(16 * 1024);
        foreach (var metric in readings.Read())
        {
            var first = metric.First().Value;
            var name = NameOf(first.Instrument, first.Type);
            text.Append("# HELP ").Append(name).Append(' ').Append(Escape(first.Instrument.Description ?? "")).Append('\n');
            text.Append("# TYPE ").Append(name).Append(' ').Append(first.Type).Append('\n');
            foreach (var (labels, reading) in metric)
            {
                reading.Write(text, name, labels);
            }
        }

        return text.ToString();
    }

    public static string Labels(ReadOnlySpan<KeyValuePair<string, object?>> labels)
    {
        if (labels.IsEmpty)
        {
            return "";
        }

        var text = new StringBuilder();
        foreach (var (name, value) in labels)
        {
            var escaped = Escape(Convert.ToString(value, CultureInfo.InvariantCulture) ?? "")
                .Replace("\"", "\\\"", StringComparison.Ordinal);
            text.Append(text.Length > 0 ? "," : "").Append(Underscored(name)).Append("=\"").Append(escaped).Append('"');
        }

        return text.ToString();
    }

    public static string Join(string labels, string more) => labels.Length == 0 ? more : $"{labels},{more}";

    public static void Line(StringBuilder text, string name, string labels, double value) =>
        text.Append(name).Append(labels.Length == 0 ? "" : $"{{{labels}}}").Append(' ').Append(Number(value)).Append('\n');

    public static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    private static string NameOf(Instrument instrument, string type)
    {
        var unit = instrument.Unit switch
        {
            "s" => "_seconds",
            "By" => "_bytes",
            _ => "",
        };
        return Underscored(instrument.Name) + unit + (type == "counter" ? "_total" : "");
    }

    private static string Underscored(string name) => name.Replace('.', '_').Replace('-', '_');

    private static string Escape(string text) =>
        text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
}
