using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Kpi.Collector.Otlp;
using Kpi.Collector.Protobuf;

namespace Kpi.Collector.Points;

/// <summary>
/// An attribute's value as a label: a string as it is, bytes in base64, all else as JSON.
/// Source: OpenTelemetry specification, common/README.md, "AnyValue representation for non-OTLP protocols".
/// </summary>
internal static class ValueText
{
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The value of a sound attribute; empty when it has none.</summary>
    public static string Of(ReadOnlySpan<byte> keyValue)
    {
        var value = Find(keyValue, OtlpTags.KeyValue.Value);
        var (tag, text) = MemberOf(value, out var number);
        return tag switch
        {
            0 => "",
            OtlpTags.AnyValue.String => Encoding.UTF8.GetString(text),
            OtlpTags.AnyValue.Bytes => Convert.ToBase64String(text),
            _ => JsonOf(tag, text, number),
        };
    }

    private static string JsonOf(uint tag, ReadOnlySpan<byte> text, ulong number)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Plain))
        {
            Write(json, tag, text, number);
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void Write(Utf8JsonWriter json, ReadOnlySpan<byte> anyValue)
    {
        var (tag, text) = MemberOf(anyValue, out var number);
        Write(json, tag, text, number);
    }

    // As deep as the attribute was found to be sound, which is bounded.
    private static void Write(Utf8JsonWriter json, uint tag, ReadOnlySpan<byte> text, ulong number)
    {
        switch (tag)
        {
            case OtlpTags.AnyValue.String:
                json.WriteStringValue(text);
                break;
            case OtlpTags.AnyValue.Bool:
                json.WriteBooleanValue(number != 0);
                break;
            case OtlpTags.AnyValue.Int:
                json.WriteNumberValue((long)number);
                break;
            case OtlpTags.AnyValue.Double:
                WriteDouble(json, BitConverter.UInt64BitsToDouble(number));
                break;
            case OtlpTags.AnyValue.Array:
                json.WriteStartArray();
                WriteItems(json, text, pairs: false);
                json.WriteEndArray();
                break;
            case OtlpTags.AnyValue.KeyValueList:
                json.WriteStartObject();
                WriteItems(json, text, pairs: true);
                json.WriteEndObject();
                break;
            case OtlpTags.AnyValue.Bytes:
                json.WriteBase64StringValue(text);
                break;
            default:
                json.WriteNullValue();
                break;
        }
    }

    private static void WriteItems(Utf8JsonWriter json, ReadOnlySpan<byte> list, bool pairs)
    {
        var reader = new ProtoReader(list);
        while (reader.TryReadTag(out var tag))
        {
            if (tag != OtlpTags.ArrayOrList.Values)
            {
                reader.Skip(tag);
                continue;
            }

            var item = reader.ReadBytes();
            if (pairs)
            {
                json.WritePropertyName(Find(item, OtlpTags.KeyValue.Key));
                item = Find(item, OtlpTags.KeyValue.Value);
            }

            Write(json, item);
        }
    }

    private static void WriteDouble(Utf8JsonWriter json, double value)
    {
        if (double.IsFinite(value))
        {
            json.WriteNumberValue(value);
        }
        else
        {
            json.WriteStringValue(double.IsNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity");
        }
    }

    // The member of the oneof that counts is the last.
    private static Member MemberOf(ReadOnlySpan<byte> anyValue, out ulong number)
    {
        var member = default(Member);
        number = 0;
        var reader = new ProtoReader(anyValue);
        while (reader.TryReadTag(out var tag))
        {
            switch (tag)
            {
                case OtlpTags.AnyValue.String or OtlpTags.AnyValue.Array or OtlpTags.AnyValue.KeyValueList or OtlpTags.AnyValue.Bytes:
                    member = new Member(tag, reader.ReadBytes());
                    break;
                case OtlpTags.AnyValue.Bool or OtlpTags.AnyValue.Int:
                    member = new Member(tag, default);
                    number = reader.ReadVarint();
                    break;
                case OtlpTags.AnyValue.Double:
                    member = new Member(tag, default);
                    number = reader.ReadFixed64();
                    break;
                default:
                    reader.Skip(tag);
                    break;
            }
        }

        return member;
    }

    private static ReadOnlySpan<byte> Find(ReadOnlySpan<byte> message, uint wanted)
    {
        ReadOnlySpan<byte> found = default;
        var reader = new ProtoReader(message);
        while (reader.TryReadTag(out var tag))
        {
            if (tag == wanted)
            {
                found = reader.ReadBytes();
            }
            else
            {
                reader.Skip(tag);
            }
        }

        return found;
    }

    private readonly ref struct Member(uint tag, ReadOnlySpan<byte> text)
    {
        private readonly uint tag = tag;
        private readonly ReadOnlySpan<byte> text = text;

        public void Deconstruct(out uint itsTag, out ReadOnlySpan<byte> itsText)
        {
            itsTag = tag;
            itsText = text;
        }
    }
}
