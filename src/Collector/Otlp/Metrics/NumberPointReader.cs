using Kpi.Collector.Points;
using Kpi.Collector.Protobuf;

namespace Kpi.Collector.Otlp.Metrics;

/// <summary>Reads a <c>NumberDataPoint</c>. Its attributes are left to who needs them, for a known series never.</summary>
internal static class NumberPointReader
{
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
                    point.HasNoRecordedValue = PointReader.HasNoRecordedValue(reader.ReadVarint());
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
}
