using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Google.Protobuf;
using Kpi.Collector.Admission;
using Kpi.Collector.Otlp;
using Kpi.Collector.Otlp.Json;
using Kpi.Rollups.Intake;

namespace Kpi.Tests.Collector.Otlp.Json;

/// <summary>What the transcoder made of a body: the message, or why there is none.</summary>
internal sealed record Transcoded(RejectReason? Refused, byte[] Message, string Fault);

/// <summary>Runs the transcoder with bounds of its own, and sees that all memory comes back.</summary>
internal static class Transcoding
{
    public const int Most = 4 << 20;

    private static readonly string[] Ids = ["traceId", "spanId", "parentSpanId"];

    public static Transcoded Run(string json, OtlpSignal signal) => Run(Encoding.UTF8.GetBytes(json), signal);

    public static Transcoded Run(ReadOnlySpan<byte> json, OtlpSignal signal, int limit = Most, long inFlight = 16 << 20)
    {
        var budget = new BytesInFlight(inFlight);
        Transcoded result;
        using (var buffer = new BodyBuffer(budget, limit))
        {
            var refused = JsonTranscoder.Run(json, JsonSchema.RequestOf(signal), buffer, out var fault);
            result = new Transcoded(refused, buffer.Written.ToArray(), fault.ToString());
        }

        Assert.Equal(0, budget.Held);
        return result;
    }

    /// <summary>The message of a body that must be taken.</summary>
    public static T Read<T>(this MessageParser<T> parser, string json, OtlpSignal signal)
        where T : IMessage<T> => parser.Read(Encoding.UTF8.GetBytes(json), signal);

    public static T Read<T>(this MessageParser<T> parser, byte[] json, OtlpSignal signal)
        where T : IMessage<T>
    {
        var result = Run(json, signal);
        Assert.True(result.Refused is null, $"{result.Refused}: {result.Fault}");
        return parser.ParseFrom(result.Message);
    }

    /// <summary>A message in OTLP/JSON: as Google's formatter writes it, but ids in hexadecimal digits.</summary>
    public static string Format(IMessage message)
    {
        var json = JsonNode.Parse(new JsonFormatter(JsonFormatter.Settings.Default.WithFormatEnumsAsIntegers(true)).Format(message))!;
        WriteIds(json);
        return json.ToJsonString();
    }

    private static void WriteIds(JsonNode? node)
    {
        if (node is JsonArray items)
        {
            foreach (var item in items)
            {
                WriteIds(item);
            }
        }
        else if (node is JsonObject fields)
        {
            foreach (var (name, value) in fields.ToList())
            {
                if (Ids.Contains(name) && value is JsonValue id)
                {
                    fields[name] = Convert.ToHexString(Convert.FromBase64String(id.GetValue<string>())).ToLower(CultureInfo.InvariantCulture);
                }
                else
                {
                    WriteIds(value);
                }
            }
        }
    }
}
