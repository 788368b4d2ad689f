using Kpi.Collector.Protobuf;

namespace Kpi.Collector.Otlp;

/// <summary>
/// Reads the parts of a trace that do not become labels: scope, events, links, status. They are read because bad bytes in them
/// make the request bad, and bad strings the span. Each says false when it is malformed and turns <c>utf8</c> off for a bad string.
/// </summary>
internal static class SpanPartReader
{
    private const ulong StatusError = 2;

    // No field of these messages has this tag.
    private const uint None = 0;

    public static bool TryReadScope(ReadOnlySpan<byte> message, ref bool utf8) =>
        TryRead(message, TraceTags.Scope.Name, TraceTags.Scope.Version, TraceTags.Scope.Attributes, ref utf8);

    public static bool TryReadEvent(ReadOnlySpan<byte> message, ref bool utf8) =>
        TryRead(message, TraceTags.Event.Name, None, TraceTags.Event.Attributes, ref utf8);

    public static bool TryReadLink(ReadOnlySpan<byte> message, ref bool utf8) =>
        TryRead(message, TraceTags.Link.TraceState, None, TraceTags.Link.Attributes, ref utf8);

    public static bool TryReadStatus(ReadOnlySpan<byte> message, ref bool isError, ref bool utf8)
    {
        var reader = new ProtoReader(message);
        while (reader.TryReadTag(out var tag))
        {
            switch (tag)
            {
                case TraceTags.Status.Message:
                    utf8 &= Utf8Text.IsValid(reader.ReadBytes());
                    break;
                case TraceTags.Status.Code:
                    isError = (uint)reader.ReadVarint() == StatusError;
                    break;
                default:
                    reader.Skip(tag);
                    break;
            }
        }

        return !reader.Failed;
    }

    private static bool TryRead(ReadOnlySpan<byte> message, uint textTag, uint otherTextTag, uint attributesTag, ref bool utf8)
    {
        var attribute = default(OtlpAttribute);
        var reader = new ProtoReader(message);
        while (reader.TryReadTag(out var tag))
        {
            if (tag == textTag || tag == otherTextTag)
            {
                utf8 &= Utf8Text.IsValid(reader.ReadBytes());
            }
            else if (tag == attributesTag)
            {
                if (!AttributeReader.TryRead(reader.ReadBytes(), ref attribute, ref utf8))
                {
                    return false;
                }

                utf8 &= Utf8Text.IsValid(attribute.Key) && Utf8Text.IsValid(attribute.Text);
            }
            else
            {
                reader.Skip(tag);
            }
        }

        return !reader.Failed;
    }
}
