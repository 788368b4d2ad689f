using System.Text.Json;
using Kpi.Collector.Admission;
using Kpi.Collector.Protobuf;
using Kpi.Rollups.Intake;

namespace Kpi.Collector.Otlp.Json;

/// <summary>
/// Writes a request in OTLP/JSON as the same request in protobuf, so that from there on both take one way. Bounded by the buffer it
/// writes to; its stack by <see cref="ProtoReader.MostDepth"/> messages in each other.
/// </summary>
/// <remarks>
/// Source: OTLP specification 1.11, "JSON Protobuf Encoding", and proto3 JSON. Unknown fields of any type are skipped. null says
/// nothing: the field is as if it was not there, an item of an array is an empty one. A field that comes twice: of numbers and
/// strings the last counts, arrays add up, objects merge, as on the wire. A byte order mark is passed over.
/// </remarks>
internal ref struct JsonTranscoder
{
    // More than messages to the full depth can need; unknown fields may nest as deep.
    private const int MostJsonDepth = 256;
    private const int Slack = 32;
    private const int LongestName = 22;
    private const int MostIdBytes = 64;

    private Utf8JsonReader reader;
    private MessageWriter to;
    private JsonFault fault;

    private JsonTranscoder(ReadOnlySpan<byte> json, BodyBuffer into)
    {
        reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = MostJsonDepth });
        to = new MessageWriter(into);
    }

    /// <summary>Null when the message is written; else why not: malformed, too large, overloaded.</summary>
    public static RejectReason? Run(ReadOnlySpan<byte> json, MessageType request, BodyBuffer into, out JsonFault fault)
    {
        var transcoder = new JsonTranscoder(json.StartsWith("\uFEFF"u8) ? json[3..] : json, into);
        try
        {
            if (transcoder.TryRun(request))
            {
                fault = default;
                return null;
            }
        }
        catch (JsonException)
        {
            transcoder.fault = new JsonFault(transcoder.reader.BytesConsumed, "not JSON");
        }

        fault = transcoder.fault;
        return transcoder.to.Refused ?? RejectReason.Malformed;
    }

    private bool TryRun(MessageType request)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return Fault("not an object");
        }

        if (!TryMessage(request, depthLeft: ProtoReader.MostDepth))
        {
            return false;
        }

        // What follows the object makes this throw.
        reader.Read();
        return to.Complete() is null;
    }

    // Stands on the object's beginning, then on its end.
    private bool TryMessage(MessageType message, int depthLeft)
    {
        if (depthLeft == 0)
        {
            return Fault($"more than {ProtoReader.MostDepth} messages in each other");
        }

        var fields = JsonSchema.FieldsOf(message);
        var next = 0;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var field = Find(fields, ref next);
            reader.Read();
            if (field is null)
            {
                reader.Skip();
            }
            else if (reader.TokenType != JsonTokenType.Null && !TryField(field, depthLeft))
            {
                return false;
            }
        }

        return true;
    }

    private readonly JsonField? Find(JsonField[] fields, ref int next) =>
        reader.ValueIsEscaped ? FindEscaped(fields, ref next) : Find(fields, reader.ValueSpan, ref next);

    private readonly JsonField? FindEscaped(JsonField[] fields, ref int next)
    {
        // The longest name has 22 letters, each of which may be an escape of 6.
        Span<byte> plain = stackalloc byte[LongestName * 6];
        var name = reader.ValueSpan;
        return name.Length > plain.Length ? null : Find(fields, plain[..JsonText.Unescape(name, plain)], ref next);
    }

    // Senders write fields in the same order again and again: the search begins behind the last.
    private static JsonField? Find(JsonField[] fields, ReadOnlySpan<byte> name, ref int next)
    {
        for (var i = 0; i < fields.Length; i++)
        {
            var at = next + i < fields.Length ? next + i : next + i - fields.Length;
            if (name.SequenceEqual(fields[at].Name))
            {
                next = at + 1 < fields.Length ? at + 1 : 0;
                return fields[at];
            }
        }

        return null;
    }

    private bool TryField(JsonField field, int depthLeft)
    {
        if (!field.IsRepeated)
        {
            return TryValue(field, depthLeft);
        }

        if (reader.TokenType != JsonTokenType.StartArray)
        {
            return Wrong(field);
        }

        if (field.IsPacked)
        {
            return TryPacked(field);
        }

        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (!TryValue(field, depthLeft))
            {
                return false;
            }
        }

        return true;
    }

    private bool TryPacked(JsonField field)
    {
        var isVarint = field.Kind == JsonKind.UInt64;
        var tag = (field.Tag & ~7u) | WireType.Bytes;
        if (!to.TryOpen(tag, wide: false, out var begin))
        {
            return false;
        }

        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            ulong value = 0;
            if (reader.TokenType != JsonTokenType.Null && !TryNumber(field, out value))
            {
                return Wrong(field);
            }

            if (!to.TryPacked(value, isVarint))
            {
                return false;
            }
        }

        return to.TryClose(begin, wide: false);
    }

    private bool TryValue(JsonField field, int depthLeft)
    {
        switch (field.Kind)
        {
            case JsonKind.Message:
                return TryMessageField(field, depthLeft);
            case JsonKind.Text:
                return TryText(field);
            case JsonKind.Id:
                return TryId(field);
            case JsonKind.Bytes:
                return TryBase64(field);
            case JsonKind.Bool:
                return reader.TokenType is JsonTokenType.True or JsonTokenType.False
                    ? to.TryVarint(field.Tag, reader.TokenType == JsonTokenType.True ? 1u : 0)
                    : Wrong(field);
            default:
                return !TryNumber(field, out var value) ? Wrong(field)
                    : (field.Tag & 7) == WireType.Varint ? to.TryVarint(field.Tag, value)
                    : (field.Tag & 7) == WireType.Fixed32 ? to.TryFixed32(field.Tag, (uint)value)
                    : to.TryFixed64(field.Tag, value);
        }
    }

    private bool TryMessageField(JsonField field, int depthLeft)
    {
        if (reader.TokenType == JsonTokenType.Null)
        {
            return to.TryBytes(field.Tag, default);
        }

        return reader.TokenType != JsonTokenType.StartObject ? Wrong(field)
            : to.TryOpen(field.Tag, field.IsWide, out var begin) && TryMessage(field.Message, depthLeft - 1) && to.TryClose(begin, field.IsWide);
    }

    private bool TryText(JsonField field)
    {
        if (reader.TokenType == JsonTokenType.Null)
        {
            return to.TryBytes(field.Tag, default);
        }

        if (reader.TokenType != JsonTokenType.String)
        {
            return Wrong(field);
        }

        if (!reader.ValueIsEscaped)
        {
            return to.TryBytes(field.Tag, reader.ValueSpan);
        }

        if (!to.TryOpen(field.Tag, wide: false, out var begin) || !to.TryEnsure(reader.ValueSpan.Length))
        {
            return false;
        }

        to.Advance(JsonText.Unescape(reader.ValueSpan, to.Free));
        return to.TryClose(begin, wide: false);
    }

    // What is no id at all goes on as an empty one, and one of another length as it is: the decoder knows what that means for its item.
    private bool TryId(JsonField field)
    {
        if (reader.TokenType != JsonTokenType.String)
        {
            return Wrong(field);
        }

        Span<byte> id = stackalloc byte[MostIdBytes];
        return TryPlain(out var text)
            ? to.TryBytes(field.Tag, text.Length <= 2 * MostIdBytes && TryHex(text, id, out var written) ? id[..written] : default)
            : false;
    }

    private static bool TryHex(ReadOnlySpan<byte> text, Span<byte> into, out int written)
    {
        written = text.Length / 2;
        for (var i = 0; i < text.Length; i++)
        {
            int digit = text[i] switch
            {
                >= (byte)'0' and <= (byte)'9' => text[i] - '0',
                >= (byte)'a' and <= (byte)'f' => text[i] - 'a' + 10,
                >= (byte)'A' and <= (byte)'F' => text[i] - 'A' + 10,
                _ => -1,
            };
            if (digit < 0)
            {
                return false;
            }

            into[i / 2] = (byte)((into[i / 2] << 4) | digit);
        }

        return text.Length % 2 == 0;
    }

    private bool TryBase64(JsonField field)
    {
        if (reader.TokenType != JsonTokenType.String)
        {
            return Wrong(field);
        }

        // Decoded where it will stand; the text to decode lies behind it.
        var most = reader.ValueSpan.Length;
        if (!to.TryOpen(field.Tag, wide: false, out var begin) || !to.TryEnsure((2 * most) + Slack))
        {
            return false;
        }

        var text = to.Free[most..];
        var length = JsonText.Unescape(reader.ValueSpan, text);
        if (!JsonText.TryDecodeBase64(text[..length], to.Free[..most], out var written))
        {
            return Wrong(field);
        }

        to.Advance(written);
        return to.TryClose(begin, wide: false);
    }

    // As the wire has it: 64 bits, or as many of them as the field has.
    private bool TryNumber(JsonField field, out ulong bits)
    {
        bits = 0;
        if (reader.TokenType is not (JsonTokenType.Number or JsonTokenType.String) || !TryPlain(out var text))
        {
            return false;
        }

        var quoted = reader.TokenType == JsonTokenType.String;
        if (field.Kind == JsonKind.Double)
        {
            var sound = JsonNumber.TryReadDouble(text, quoted, out var number);
            bits = BitConverter.DoubleToUInt64Bits(number);
            return sound;
        }

        if (field.Kind == JsonKind.Enum && quoted && EnumName.NumberOf(text, field.Names) is { } named)
        {
            bits = (ulong)named;
            return true;
        }

        return JsonNumber.TryReadWhole(text, out var magnitude, out var negative) && TryFit(field.Kind, magnitude, negative, out bits);
    }

    private static bool TryFit(JsonKind kind, ulong magnitude, bool negative, out ulong bits)
    {
        bits = negative ? 0 - magnitude : magnitude;
        var most = kind switch
        {
            JsonKind.Fixed64 or JsonKind.UInt64 => ulong.MaxValue,
            JsonKind.Fixed32 or JsonKind.UInt32 => (ulong)uint.MaxValue,
            JsonKind.SInt32 or JsonKind.Enum => (ulong)int.MaxValue,
            _ => (ulong)long.MaxValue,
        };
        if (kind == JsonKind.SInt32)
        {
            bits = (uint)(((int)bits << 1) ^ ((int)bits >> 31));
        }

        var isSigned = kind is JsonKind.Int64 or JsonKind.SFixed64 or JsonKind.SInt32 or JsonKind.Enum;
        return negative && magnitude != 0 ? isSigned && magnitude <= most + 1 : magnitude <= most;
    }

    /// <summary>The text of the token; escapes resolved behind what is written, so that it is valid until the next write.</summary>
    private bool TryPlain(out ReadOnlySpan<byte> text)
    {
        text = reader.ValueSpan;
        if (!reader.ValueIsEscaped)
        {
            return true;
        }

        if (!to.TryEnsure((2 * text.Length) + Slack))
        {
            return false;
        }

        var behind = to.Free[(text.Length + Slack)..];
        text = behind[..JsonText.Unescape(text, behind)];
        return true;
    }

    private bool Wrong(JsonField field) =>
        to.Refused is null && Fault($"\"{System.Text.Encoding.ASCII.GetString(field.Name)}\" has a value that it cannot have");

    private bool Fault(string what)
    {
        fault = new JsonFault(reader.TokenStartIndex, what);
        return false;
    }
}
