using Kpi.Collector.Points;
using Kpi.Collector.Protobuf;

namespace Kpi.Collector.Otlp.Metrics;

/// <summary>
/// Reads data points of the kinds that are not stored yet: everything is walked, so that what is malformed is found. False when it is.
/// </summary>
internal static class PointReader
{
    public static bool TryRead(ReadOnlySpan<byte> message, PointKind kind, ref PointFacts point) => kind switch
    {
        PointKind.Histogram => TryReadHistogram(message, ref point),
        PointKind.ExponentialHistogram => TryReadExponential(message, ref point),
        PointKind.Summary => TryReadSummary(message, ref point),
        _ => NumberPointReader.TryRead(message, ref point) && NumberPointReader.TryCheckAttributes(message, ref point.IsUtf8),
    };

    public static bool TryReadExemplar(ReadOnlySpan<byte> message, ref bool utf8) =>
        PartReader.TryRead(message, PartReader.None, MetricTags.Exemplar.FilteredAttributes, ref utf8);

    private static bool TryReadHistogram(ReadOnlySpan<byte> message, ref PointFacts point)
    {
        var attribute = default(OtlpAttribute);
        var sound = true;
        var reader = new ProtoReader(message);
        while (reader.TryReadTag(out var tag) && sound)
        {
            switch (tag)
            {
                case MetricTags.HistogramPoint.Time:
                    point.Time = reader.ReadFixed64();
                    break;
                case MetricTags.HistogramPoint.BucketCounts:
                case MetricTags.HistogramPoint.ExplicitBounds:
                    sound = reader.ReadBytes().Length % sizeof(ulong) == 0;
                    break;
                case MetricTags.HistogramPoint.Exemplars:
                    sound = TryReadExemplar(reader.ReadBytes(), ref point.IsUtf8);
                    break;
                case MetricTags.HistogramPoint.Attributes:
                    sound = PartReader.TryReadAttribute(reader.ReadBytes(), ref attribute, ref point.IsUtf8);
                    break;
                default:
                    reader.Skip(tag);
                    break;
            }
        }

        return sound && !reader.Failed;
    }

    private static bool TryReadExponential(ReadOnlySpan<byte> message, ref PointFacts point)
    {
        var attribute = default(OtlpAttribute);
        var sound = true;
        var reader = new ProtoReader(message);
        while (reader.TryReadTag(out var tag) && sound)
        {
            switch (tag)
            {
                case MetricTags.ExponentialPoint.Time:
                    point.Time = reader.ReadFixed64();
                    break;
                case MetricTags.ExponentialPoint.Positive:
                case MetricTags.ExponentialPoint.Negative:
                    sound = AreBuckets(reader.ReadBytes());
                    break;
                case MetricTags.ExponentialPoint.Exemplars:
                    sound = TryReadExemplar(reader.ReadBytes(), ref point.IsUtf8);
                    break;
                case MetricTags.ExponentialPoint.Attributes:
                    sound = PartReader.TryReadAttribute(reader.ReadBytes(), ref attribute, ref point.IsUtf8);
                    break;
                default:
                    reader.Skip(tag);
                    break;
            }
        }

        return sound && !reader.Failed;
    }

    private static bool TryReadSummary(ReadOnlySpan<byte> message, ref PointFacts point)
    {
        var attribute = default(OtlpAttribute);
        var sound = true;
        var reader = new ProtoReader(message);
        while (reader.TryReadTag(out var tag) && sound)
        {
            switch (tag)
            {
                case MetricTags.SummaryPoint.Time:
                    point.Time = reader.ReadFixed64();
                    break;
                case MetricTags.SummaryPoint.QuantileValues:
                    var none = true;
                    sound = PartReader.TryRead(reader.ReadBytes(), PartReader.None, PartReader.None, ref none);
                    break;
                case MetricTags.SummaryPoint.Attributes:
                    sound = PartReader.TryReadAttribute(reader.ReadBytes(), ref attribute, ref point.IsUtf8);
                    break;
                default:
                    reader.Skip(tag);
                    break;
            }
        }

        return sound && !reader.Failed;
    }

    // The counts are packed varints; one by one, as varints of their own, they are skipped like what is unknown.
    private static bool AreBuckets(ReadOnlySpan<byte> message)
    {
        var reader = new ProtoReader(message);
        while (reader.TryReadTag(out var tag))
        {
            if (tag != MetricTags.Buckets.BucketCounts)
            {
                reader.Skip(tag);
                continue;
            }

            var counts = new ProtoReader(reader.ReadBytes());
            while (!counts.AtEnd)
            {
                counts.ReadVarint();
            }

            if (counts.Failed)
            {
                return false;
            }
        }

        return !reader.Failed;
    }
}
