using System.Text;

namespace Kpi.Collector.Otlp.Json;

/// <summary>
/// A name of an enumeration. OTLP/JSON has numbers only, but senders that use a generic proto3 mapping write names; what they mean is
/// plain. Source: opentelemetry-proto at ac2c4b5.
/// </summary>
internal sealed class EnumName(string name, int number)
{
    public static readonly IReadOnlyList<EnumName> SpanKinds = Numbered("SPAN_KIND_", "UNSPECIFIED", "INTERNAL", "SERVER", "CLIENT", "PRODUCER", "CONSUMER");

    public static readonly IReadOnlyList<EnumName> StatusCodes = Numbered("STATUS_CODE_", "UNSET", "OK", "ERROR");

    public static readonly IReadOnlyList<EnumName> Temporalities = Numbered("AGGREGATION_TEMPORALITY_", "UNSPECIFIED", "DELTA", "CUMULATIVE");

    public static readonly IReadOnlyList<EnumName> Severities = Numbered(
        "SEVERITY_NUMBER_",
        "UNSPECIFIED",
        "TRACE", "TRACE2", "TRACE3", "TRACE4",
        "DEBUG", "DEBUG2", "DEBUG3", "DEBUG4",
        "INFO", "INFO2", "INFO3", "INFO4",
        "WARN", "WARN2", "WARN3", "WARN4",
        "ERROR", "ERROR2", "ERROR3", "ERROR4",
        "FATAL", "FATAL2", "FATAL3", "FATAL4");

    private readonly byte[] name = Encoding.ASCII.GetBytes(name);

    /// <summary>The number of a name; null when it is none.</summary>
    public static int? NumberOf(ReadOnlySpan<byte> name, IReadOnlyList<EnumName> names)
    {
        for (var i = 0; i < names.Count; i++)
        {
            if (name.SequenceEqual(names[i].name))
            {
                return names[i].Number;
            }
        }

        return null;
    }

    private int Number => number;

    private static EnumName[] Numbered(string prefix, params string[] names) => [.. names.Select((n, i) => new EnumName(prefix + n, i))];
}
