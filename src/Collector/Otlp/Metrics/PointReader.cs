using Kpi.Collector.Lookup;
using Kpi.Collector.Points;
using Kpi.Collector.Protobuf;

namespace Kpi.Collector.Otlp.Metrics;

/// <summary>
/// Reads a data point of any kind. Everything is walked, so that what is malformed is found; but attributes are left to who needs
/// them, for a known series never.
/// </summary>
internal static class PointReader
{
    private const ulong NoRecordedValue = 1;

    /// <summary>Reads everything but the attributes. False when it is malformed.</summary>
    public static bool TryRead(ReadOnlySpan<byte> message, PointKind kind, ref PointFacts point) => kind switch
    {
        PointKind.Histogram => HistogramPointReader.TryRead(message, ref point),
        PointKind.ExponentialHistogram => ExponentialPointReader.TryRead(message, ref point),
        PointKind.Summary => SummaryPointReader.TryRead(message, ref point),
        _ => NumberPointReader.TryRead(message, ref point),
    };

    /// <summary>Reads a point and its attributes. False when something is malformed.</summary>
    public static bool IsSound(ReadOnlySpan<byte> message, PointKind kind)
    {
        var ignored = default(PointFacts);
        return TryRead(message, kind, ref ignored) && TryCheckAttributes(message, AttributesOf(kind), ref ignored.IsUtf8);
    }

    /// <summary>The tag that the attributes of a kind's points have.</summary>
    public static uint AttributesOf(PointKind kind) => kind switch
    {
        PointKind.Histogram => MetricTags.HistogramPoint.Attributes,
        PointKind.ExponentialHistogram => MetricTags.ExponentialPoint.Attributes,
        PointKind.Summary => MetricTags.SummaryPoint.Attributes,
        _ => MetricTags.NumberPoint.Attributes,
    };

    /// <summary>Adds the attributes to a series' key as they stand in the body. False when they do not fit.</summary>
    public static bool TryAddAttributes(ReadOnlySpan<byte> message, uint attributes, ref KeyBuffer key)
    {
        var reader = new ProtoReader(message);
        while (reader.TryReadTag(out var tag))
        {
            if (tag != attributes)
            {
                reader.Skip(tag);
            }
            else if (!key.TryText(reader.ReadBytes()))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Walks the attributes. False when one is malformed.</summary>
    public static bool TryCheckAttributes(ReadOnlySpan<byte> message, uint attributes, ref bool utf8)
    {
        var attribute = default(OtlpAttribute);
        var reader = new ProtoReader(message);
        while (reader.TryReadTag(out var tag))
        {
            if (tag != attributes)
            {
                reader.Skip(tag);
            }
            else if (!PartReader.TryReadAttribute(reader.ReadBytes(), ref attribute, ref utf8))
            {
                return false;
            }
        }

        return true;
    }

    public static bool TryReadExemplar(ReadOnlySpan<byte> message, ref bool utf8) =>
        PartReader.TryRead(message, PartReader.None, MetricTags.Exemplar.FilteredAttributes, ref utf8);

    public static bool HasNoRecordedValue(ulong flags) => (flags & NoRecordedValue) != 0;
}
