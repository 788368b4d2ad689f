using Kpi.Collector.Protobuf;

namespace Kpi.Collector.Otlp;

/// <summary>
/// Reads parts that do not become labels. They are read because bad bytes in them make the request bad, and bad strings the item.
/// Each says false when it is malformed and turns <c>utf8</c> off for a bad string.
/// </summary>
internal static class PartReader
{
    /// <summary>No field of a part has this tag.</summary>
    public const uint None = 0;

    /// <summary>Reads a scope; of two scopes the later adds to the earlier.</summary>
    public static bool TryReadScope(ReadOnlySpan<byte> message, ref ReadOnlySpan<byte> name, ref bool utf8)
    {
        var attribute = default(OtlpAttribute);
        var reader = new ProtoReader(message);
        while (reader.TryReadTag(out var tag))
        {
            switch (tag)
            {
                case OtlpTags.Scope.Name:
                    name = reader.ReadBytes();
                    utf8 &= Utf8Text.IsValid(name);
                    break;
                case OtlpTags.Scope.Version:
                    utf8 &= Utf8Text.IsValid(reader.ReadBytes());
                    break;
                case OtlpTags.Scope.Attributes:
                    if (!TryReadAttribute(reader.ReadBytes(), ref attribute, ref utf8))
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

    /// <summary>Reads a message of which a string and the attributes matter.</summary>
    public static bool TryRead(ReadOnlySpan<byte> message, uint textTag, uint attributesTag, ref bool utf8)
    {
        var attribute = default(OtlpAttribute);
        var reader = new ProtoReader(message);
        while (reader.TryReadTag(out var tag))
        {
            if (tag == textTag)
            {
                utf8 &= Utf8Text.IsValid(reader.ReadBytes());
            }
            else if (tag == attributesTag)
            {
                if (!TryReadAttribute(reader.ReadBytes(), ref attribute, ref utf8))
                {
                    return false;
                }
            }
            else
            {
                reader.Skip(tag);
            }
        }

        return !reader.Failed;
    }

    /// <summary>Reads an attribute and checks all of its strings.</summary>
    public static bool TryReadAttribute(ReadOnlySpan<byte> message, ref OtlpAttribute attribute, ref bool utf8)
    {
        if (!AttributeReader.TryRead(message, ref attribute, ref utf8))
        {
            return false;
        }

        utf8 &= Utf8Text.IsValid(attribute.Key) && Utf8Text.IsValid(attribute.Text);
        return true;
    }
}
