using Kpi.Collector.Lookup;
using Kpi.Collector.Points;
using Kpi.Collector.Protobuf;

namespace Kpi.Collector.Otlp.Metrics;

/// <summary>Reads a <c>NumberDataPoint</c>. Its attributes are left to who needs them, for a known series never.</summary>
internal static class NumberPointReader
{
    private const ulong NoRecordedValue = 1;

    /// <summary>Reads everything but the attributes. False when it is malformed.</summary>
    public static bool TryRead(ReadOnlySpan<byte> message, ref PointFacts point)
    {
        var reader = new ProtoReader(message);
        while (reader.TryReadTag(out var tag))
        {
            switch (tag)
            {
                case MetricTags.NumberPoint.StartTime:
                    point.Start = reader.ReadFixed64();
                    break;
                case MetricTags.NumberPoint.Time:
                    point.Time = reader.ReadFixed64();
                    break;
                case MetricTags.NumberPoint.AsDouble:
                    point.Value = PointValue.Double;
                    point.Bits = (long)reader.ReadFixed64();
                    break;
                case MetricTags.NumberPoint.AsInt:
                    point.Value = PointValue.Integer;
                    point.Bits = (long)reader.ReadFixed64();
                    break;
                case MetricTags.NumberPoint.Flags:
                    point.HasNoRecordedValue = (reader.ReadVarint() & NoRecordedValue) != 0;
                    break;
                case MetricTags.NumberPoint.Exemplars:
                    if (!PointReader.TryReadExemplar(reader.ReadBytes(), ref point.IsUtf8))
                    {
                        return false;
                    }

                    break;
                default:
                    point.Attributes += tag == MetricTags.NumberPoint.Attributes ? 1 : 0;
                    reader.Skip(tag);
                    break;
            }
        }

        return !reader.Failed;
    }

    /// <summary>Adds the attributes to a series' key as they stand in the body. False when they do not fit.</summary>
    public static bool TryAddAttributes(ReadOnlySpan<byte> message, ref KeyBuffer key)
    {
        var reader = new ProtoReader(message);
        while (reader.TryReadTag(out var tag))
        {
            if (tag != MetricTags.NumberPoint.Attributes)
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
    public static bool TryCheckAttributes(ReadOnlySpan<byte> message, ref bool utf8)
    {
        var attribute = default(OtlpAttribute);
        var reader = new ProtoReader(message);
        while (reader.TryReadTag(out var tag))
        {
            if (tag != MetricTags.NumberPoint.Attributes)
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
}
