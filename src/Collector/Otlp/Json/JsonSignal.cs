using System.Text.Json;

namespace Kpi.Collector.Otlp.Json;

/// <summary>What a request in JSON carries: unlike in protobuf, its own field says so.</summary>
internal static class JsonSignal
{
    /// <summary>The signal of a request, or of one's beginning; null when none of the fields is in it.</summary>
    public static OtlpSignal? Of(ReadOnlySpan<byte> json)
    {
        try
        {
            var reader = new Utf8JsonReader(json.StartsWith("\uFEFF"u8) ? json[3..] : json, isFinalBlock: false, default);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                return null;
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (Named(in reader) is { } signal)
                {
                    return signal;
                }

                if (!reader.TrySkip())
                {
                    return null;
                }
            }
        }
        catch (JsonException)
        {
            // No JSON: whoever reads it for good says where.
        }

        return null;
    }

    private static OtlpSignal? Named(in Utf8JsonReader reader) =>
        reader.ValueSpan.SequenceEqual("resourceSpans"u8) ? OtlpSignal.Traces
        : reader.ValueSpan.SequenceEqual("resourceMetrics"u8) ? OtlpSignal.Metrics
        : reader.ValueSpan.SequenceEqual("resourceLogs"u8) ? OtlpSignal.Logs
        : null;
}
