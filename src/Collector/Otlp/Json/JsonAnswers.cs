using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Kpi.Collector.Protobuf;
using Kpi.Rollups.Intake;

namespace Kpi.Collector.Otlp.Json;

/// <summary>The messages we answer with in proto3 JSON. Source: OTLP specification 1.11; google/rpc/error_details.proto; protobuf.dev, "ProtoJSON Format".</summary>
internal static class JsonAnswers
{
    private const uint PartialSuccess = (1 << 3) | WireType.Bytes;
    private const uint Rejected = (1 << 3) | WireType.Varint;
    private const uint ErrorMessage = (2 << 3) | WireType.Bytes;

    // Nothing is put into a page from here, so quotes and the like need not be hidden.
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly byte[] PlainSuccess = "{}"u8.ToArray();

    /// <summary>An export response of <see cref="Answers.Export"/>, which is also what a retry is answered with.</summary>
    public static byte[] Export(byte[] answer, OtlpSignal signal) => answer.Length == 0 ? PlainSuccess : Write(json =>
    {
        if (!TryReadField(answer, PartialSuccess, out var partial))
        {
            return;
        }

        json.WriteStartObject("partialSuccess");
        var reader = new ProtoReader(partial);
        while (reader.TryReadTag(out var tag))
        {
            switch (tag)
            {
                case Rejected:
                    json.WriteString(RejectedOf(signal), reader.ReadVarint().ToString(CultureInfo.InvariantCulture));
                    break;
                case ErrorMessage:
                    json.WriteString("errorMessage", reader.ReadBytes());
                    break;
                default:
                    reader.Skip(tag);
                    break;
            }
        }

        json.WriteEndObject();
    });

    /// <summary><c>google.rpc.Status</c>, as <see cref="Answers.Status"/> has it in protobuf.</summary>
    public static byte[] Status(int code, string message, TimeSpan? retryAfter, bool isBadBody) => Write(json =>
    {
        json.WriteNumber("code", code);
        json.WriteString("message", message);
        if (retryAfter is { } delay)
        {
            json.WriteStartArray("details");
            json.WriteStartObject();
            json.WriteString("@type", Answers.RetryInfo);
            json.WriteString("retryDelay", Duration(delay));
            json.WriteEndObject();
            json.WriteEndArray();
        }
        else if (isBadBody)
        {
            json.WriteStartArray("details");
            json.WriteStartObject();
            json.WriteString("@type", Answers.BadRequest);
            json.WriteStartArray("fieldViolations");
            json.WriteStartObject();
            json.WriteString("field", Answers.BodyField);
            json.WriteString("description", message);
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteEndArray();
        }
    });

    // Seconds with no, three, six or nine digits behind the point.
    private static string Duration(TimeSpan delay) =>
        delay.Ticks % TimeSpan.TicksPerSecond == 0
            ? string.Create(CultureInfo.InvariantCulture, $"{delay.Ticks / TimeSpan.TicksPerSecond}s")
            : string.Create(CultureInfo.InvariantCulture, $"{delay.Ticks / TimeSpan.TicksPerSecond}.{delay.Ticks % TimeSpan.TicksPerSecond * 100:d9}s");

    private static string RejectedOf(OtlpSignal signal) => signal.Kind switch
    {
        TelemetrySignal.Traces => "rejectedSpans",
        TelemetrySignal.Metrics => "rejectedDataPoints",
        _ => "rejectedLogRecords",
    };

    private static bool TryReadField(ReadOnlySpan<byte> message, uint wanted, out ReadOnlySpan<byte> content)
    {
        var reader = new ProtoReader(message);
        while (reader.TryReadTag(out var tag))
        {
            if (tag == wanted)
            {
                content = reader.ReadBytes();
                return true;
            }

            reader.Skip(tag);
        }

        content = default;
        return false;
    }

    private static byte[] Write(Action<Utf8JsonWriter> content)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Readable))
        {
            json.WriteStartObject();
            content(json);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }
}
