using Kpi.Collector.Protobuf;

namespace Kpi.Collector.Otlp.Traces;

/// <summary>
/// Reads the parts of a span that do not become labels: events, links, status. Each says false when it is malformed and turns
/// <c>utf8</c> off for a bad string.
/// </summary>
internal static class SpanPartReader
{
    private const ulong StatusError = 2;

    public static bool TryReadEvent(ReadOnlySpan<byte> message, ref bool utf8) =>
        PartReader.TryRead(message, TraceTags.Event.Name, TraceTags.Event.Attributes, ref utf8);

    public static bool TryReadLink(ReadOnlySpan<byte> message, ref bool utf8) =>
        PartReader.TryRead(message, TraceTags.Link.TraceState, TraceTags.Link.Attributes, ref utf8);

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
}
