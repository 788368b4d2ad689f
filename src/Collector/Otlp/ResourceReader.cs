using Kpi.Collector.Lookup;
using Kpi.Collector.Protobuf;

namespace Kpi.Collector.Otlp;

/// <summary>Reads a <c>Resource</c>.</summary>
internal static class ResourceReader
{
    /// <summary>Takes what the resource says; of two resources the later adds to the earlier. False when it is malformed.</summary>
    public static bool TryRead(ReadOnlySpan<byte> message, ref ResourceFacts facts)
    {
        var attribute = default(OtlpAttribute);
        var reader = new ProtoReader(message);
        while (reader.TryReadTag(out var tag))
        {
            switch (tag)
            {
                case OtlpTags.Resource.Attributes:
                    if (!AttributeReader.TryRead(reader.ReadBytes(), ref attribute, ref facts.IsUtf8))
                    {
                        return false;
                    }

                    facts.IsUtf8 &= Utf8Text.IsValid(attribute.Key) && Utf8Text.IsValid(attribute.Text);
                    facts.Take(in attribute);
                    break;
                case OtlpTags.Resource.EntityRefs:
                    if (!IsEntityRef(reader.ReadBytes(), ref facts.IsUtf8))
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

    // All fields of an entity reference are strings, numbered from the first to the last without a gap.
    private static bool IsEntityRef(ReadOnlySpan<byte> message, ref bool utf8)
    {
        var reader = new ProtoReader(message);
        while (reader.TryReadTag(out var tag))
        {
            if (tag is >= OtlpTags.EntityRef.SchemaUrl and <= OtlpTags.EntityRef.DescriptionKeys && (tag & 7) == WireType.Bytes)
            {
                utf8 &= Utf8Text.IsValid(reader.ReadBytes());
            }
            else
            {
                reader.Skip(tag);
            }
        }

        return !reader.Failed;
    }
}
