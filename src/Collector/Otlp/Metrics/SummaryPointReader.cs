using Kpi.Collector.Points;
using Kpi.Collector.Protobuf;

namespace Kpi.Collector.Otlp.Metrics;

/// <summary>Reads a <c>SummaryDataPoint</c>.</summary>
internal static class SummaryPointReader
{
    /// <summary>Reads everything but the attributes. False when it is malformed.</summary>
    public static bool TryRead(ReadOnlySpan<byte> message, ref PointFacts point)
    {
        var reader = new ProtoReader(message);
        while (reader.TryReadTag(out var tag))
        {
            switch (tag)
            {
                case MetricTags.SummaryPoint.StartTime:
                    point.Start = reader.ReadFixed64();
                    break;
                case MetricTags.SummaryPoint.Time:
                    point.Time = reader.ReadFixed64();
                    break;
                case MetricTags.SummaryPoint.Count:
                    point.Counts.Count = reader.ReadFixed64();
                    break;
                case MetricTags.SummaryPoint.Sum:
                    point.Counts.SetSum(reader.ReadFixed64());
                    break;
                case MetricTags.SummaryPoint.Flags:
                    point.HasNoRecordedValue = PointReader.HasNoRecordedValue(reader.ReadVarint());
                    break;
                case MetricTags.SummaryPoint.QuantileValues:
                    if (!TryReadQuantile(reader.ReadBytes(), out _, out _))
                    {
                        return false;
                    }

                    point.Counts.Quantiles++;
                    break;
                default:
                    point.Attributes += tag == MetricTags.SummaryPoint.Attributes ? 1 : 0;
                    reader.Skip(tag);
                    break;
            }
        }

        return !reader.Failed;
    }

    /// <summary>Reads a quantile and its value. False when it is malformed.</summary>
    public static bool TryReadQuantile(ReadOnlySpan<byte> message, out double quantile, out double value)
    {
        (quantile, value) = (0, 0);
        var reader = new ProtoReader(message);
        while (reader.TryReadTag(out var tag))
        {
            switch (tag)
            {
                case MetricTags.QuantileValue.Quantile:
                    quantile = BitConverter.UInt64BitsToDouble(reader.ReadFixed64());
                    break;
                case MetricTags.QuantileValue.Value:
                    value = BitConverter.UInt64BitsToDouble(reader.ReadFixed64());
                    break;
                default:
                    reader.Skip(tag);
                    break;
            }
        }

        return !reader.Failed;
    }
}
