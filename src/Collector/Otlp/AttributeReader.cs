using Kpi.Collector.Protobuf;

namespace Kpi.Collector.Otlp;

/// <summary>What an attribute's value is.</summary>
internal enum AttributeKind
{
    /// <summary>No value, or one that no label can be: double, bytes, array, list.</summary>
    Other,

    /// <summary>A string; not checked for UTF-8.</summary>
    String,

    /// <summary>An integer or a boolean (0 or 1).</summary>
    Integer,
}

/// <summary>A key and its value, as slices of the body.</summary>
internal ref struct OtlpAttribute
{
    public ReadOnlySpan<byte> Key;
    public ReadOnlySpan<byte> Text;
    public long Integer;
    public AttributeKind Kind;
}

/// <summary>Reads <c>KeyValue</c> and <c>AnyValue</c>; the whole value is walked, so that what is malformed deep inside is found.</summary>
internal static class AttributeReader
{
    /// <summary>Reads one attribute. False when it is malformed; <paramref name="utf8"/> turns false when a string in it is not UTF-8.</summary>
    /// <remarks>The key and a top-level string are left to the caller, who often knows them already.</remarks>
    public static bool TryRead(ReadOnlySpan<byte> keyValue, ref OtlpAttribute attribute, ref bool utf8)
    {
        if (TryReadUsual(keyValue, ref attribute))
        {
            return true;
        }

        attribute = default;
        var reader = new ProtoReader(keyValue);
        while (reader.TryReadTag(out var tag))
        {
            switch (tag)
            {
                case OtlpTags.KeyValue.Key:
                    attribute.Key = reader.ReadBytes();
                    break;
                case OtlpTags.KeyValue.Value:
                    if (!TryReadValue(reader.ReadBytes(), ref attribute, ref utf8))
                    {
                        return false;
                    }

                    break;
                default:
                    reader.Skip(tag);
                    break;
            }
        }

        return !reader.Failed;
    }

    // Nearly every attribute looks like this: key, then value, lengths under 128, a string or a small integer, nothing else.
    private static bool TryReadUsual(ReadOnlySpan<byte> keyValue, ref OtlpAttribute attribute)
    {
        const int Short = 0x80;
        if (keyValue.Length < 6 || keyValue[0] != OtlpTags.KeyValue.Key)
        {
            return false;
        }

        int keyLength = keyValue[1];
        var rest = keyValue.Length - 2 - keyLength;
        if (keyLength >= Short || rest is < 4 or >= Short + 2)
        {
            return false;
        }

        var value = keyValue.Slice(2 + keyLength, rest);
        if (value[0] != OtlpTags.KeyValue.Value || value[1] != rest - 2)
        {
            return false;
        }

        if (value[2] == OtlpTags.AnyValue.String && value[3] == rest - 4)
        {
            attribute.Text = value[4..];
            attribute.Integer = 0;
            attribute.Kind = AttributeKind.String;
        }
        else if (value[2] == OtlpTags.AnyValue.Int && rest <= 5 && value[^1] < Short && (rest == 4 || value[3] >= Short))
        {
            attribute.Text = default;
            attribute.Integer = rest == 4 ? value[3] : (value[3] & 0x7F) | (value[4] << 7);
            attribute.Kind = AttributeKind.Integer;
        }
        else
        {
            return false;
        }

        attribute.Key = keyValue.Slice(2, keyLength);
        return true;
    }

    // A member of the oneof that comes later replaces the earlier one.
    private static bool TryReadValue(ReadOnlySpan<byte> anyValue, ref OtlpAttribute attribute, ref bool utf8)
    {
        var reader = new ProtoReader(anyValue);
        while (reader.TryReadTag(out var tag))
        {
            switch (tag)
            {
                case OtlpTags.AnyValue.String:
                    attribute.Text = reader.ReadBytes();
                    attribute.Kind = AttributeKind.String;
                    break;
                case OtlpTags.AnyValue.Int:
                    attribute.Integer = (long)reader.ReadVarint();
                    attribute.Kind = AttributeKind.Integer;
                    break;
                case OtlpTags.AnyValue.Bool:
                    attribute.Integer = reader.ReadVarint() != 0 ? 1 : 0;
                    attribute.Kind = AttributeKind.Integer;
                    break;
                case OtlpTags.AnyValue.Array:
                case OtlpTags.AnyValue.KeyValueList:
                    attribute.Kind = AttributeKind.Other;
                    if (!IsWellFormed(reader.ReadBytes(), tag, ProtoReader.MostDepth, ref utf8))
                    {
                        return false;
                    }

                    break;
                case OtlpTags.AnyValue.Double:
                case OtlpTags.AnyValue.Bytes:
                    attribute.Kind = AttributeKind.Other;
                    reader.Skip(tag);
                    break;
                default:
                    reader.Skip(tag);
                    break;
            }
        }

        return !reader.Failed;
    }

    private static bool IsWellFormed(ReadOnlySpan<byte> list, uint kind, int depthLeft, ref bool utf8)
    {
        if (depthLeft == 0)
        {
            return false;
        }

        var reader = new ProtoReader(list);
        while (reader.TryReadTag(out var tag))
        {
            if (tag != OtlpTags.ArrayOrList.Values)
            {
                reader.Skip(tag);
                continue;
            }

            var item = reader.ReadBytes();
            var fine = kind == OtlpTags.AnyValue.Array
                ? IsWellFormedValue(item, depthLeft - 1, ref utf8)
                : IsWellFormedPair(item, depthLeft - 1, ref utf8);
            if (!fine)
            {
                return false;
            }
        }

        return !reader.Failed;
    }

    private static bool IsWellFormedPair(ReadOnlySpan<byte> keyValue, int depthLeft, ref bool utf8)
    {
        var reader = new ProtoReader(keyValue);
        while (reader.TryReadTag(out var tag))
        {
            switch (tag)
            {
                case OtlpTags.KeyValue.Key:
                    utf8 &= Utf8Text.IsValid(reader.ReadBytes());
                    break;
                case OtlpTags.KeyValue.Value:
                    if (depthLeft == 0 || !IsWellFormedValue(reader.ReadBytes(), depthLeft - 1, ref utf8))
                    {
                        return false;
                    }

                    break;
                default:
                    reader.Skip(tag);
                    break;
            }
        }

        return !reader.Failed;
    }

    /// <summary>Whether a value is sound to the depth that is left.</summary>
    public static bool IsWellFormedValue(ReadOnlySpan<byte> anyValue, int depthLeft, ref bool utf8)
    {
        var reader = new ProtoReader(anyValue);
        while (reader.TryReadTag(out var tag))
        {
            switch (tag)
            {
                case OtlpTags.AnyValue.String:
                    utf8 &= Utf8Text.IsValid(reader.ReadBytes());
                    break;
                case OtlpTags.AnyValue.Array:
                case OtlpTags.AnyValue.KeyValueList:
                    if (depthLeft == 0 || !IsWellFormed(reader.ReadBytes(), tag, depthLeft - 1, ref utf8))
                    {
                        return false;
                    }

                    break;
                default:
                    reader.Skip(tag);
                    break;
            }
        }

        return !reader.Failed;
    }
}
