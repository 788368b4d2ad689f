using Kpi.Collector.Points;
using Kpi.Collector.Protobuf;

namespace Kpi.Collector.Otlp.Metrics;

/// <summary>
/// Reads a <c>Metric</c> up to its data points: name, kind and temporality, which stand behind the points in most bodies, so the
/// points are hopped over.
/// </summary>
internal static class MetricReader
{
    /// <summary>Reads the metric. False when it is malformed as far as it was looked at.</summary>
    /// <param name="message">The metric.</param>
    /// <param name="facts">What was read.</param>
    /// <param name="firstOfKind">
    /// Which of the metric's data messages is the first that counts: they are a oneof, so one of another kind ends those before it,
    /// while several of one kind in a row are one.
    /// </param>
    public static bool TryRead(ReadOnlySpan<byte> message, ref MetricFacts facts, out int firstOfKind)
    {
        var attribute = default(OtlpAttribute);
        var monotonic = false;
        var kindTag = PartReader.None;
        var dataMessages = 0;
        firstOfKind = 0;
        var reader = new ProtoReader(message);
        while (reader.TryReadTag(out var tag))
        {
            switch (tag)
            {
                case MetricTags.Metric.Name:
                    facts.Name = reader.ReadBytes();
                    facts.IsUtf8 &= Utf8Text.IsValid(facts.Name);
                    break;
                case MetricTags.Metric.Unit:
                    facts.Unit = reader.ReadBytes();
                    facts.IsUtf8 &= Utf8Text.IsValid(facts.Unit);
                    break;
                case MetricTags.Metric.Description:
                    facts.IsUtf8 &= Utf8Text.IsValid(reader.ReadBytes());
                    break;
                case MetricTags.Metric.Metadata:
                    if (!PartReader.TryReadAttribute(reader.ReadBytes(), ref attribute, ref facts.IsUtf8))
                    {
                        return false;
                    }

                    break;
                case var _ when IsOfData(tag):
                    if (tag != kindTag)
                    {
                        (kindTag, firstOfKind, facts.Temporality, monotonic) = (tag, dataMessages, Temporality.Unspecified, false);
                    }

                    dataMessages++;
                    if (!TryReadData(reader.ReadBytes(), ref facts.Temporality, ref monotonic))
                    {
                        return false;
                    }

                    break;
                default:
                    reader.Skip(tag);
                    break;
            }
        }

        facts.Kind = KindOf(kindTag, monotonic);
        return !reader.Failed;
    }

    public static bool IsOfData(uint tag) => tag is MetricTags.Metric.Gauge or MetricTags.Metric.Sum or MetricTags.Metric.Histogram
        or MetricTags.Metric.ExponentialHistogram or MetricTags.Metric.Summary;

    /// <summary>The kind of a data message's points; whether a sum may fall is not its own to say.</summary>
    public static PointKind KindOf(uint tag, bool monotonic) => tag switch
    {
        MetricTags.Metric.Gauge => PointKind.Gauge,
        MetricTags.Metric.Sum => monotonic ? PointKind.Counter : PointKind.Sum,
        MetricTags.Metric.Histogram => PointKind.Histogram,
        MetricTags.Metric.ExponentialHistogram => PointKind.ExponentialHistogram,
        MetricTags.Metric.Summary => PointKind.Summary,
        _ => PointKind.None,
    };

    private static bool TryReadData(ReadOnlySpan<byte> message, ref Temporality temporality, ref bool monotonic)
    {
        var reader = new ProtoReader(message);
        while (reader.TryReadTag(out var tag))
        {
            switch (tag)
            {
                case MetricTags.Points.Temporality:
                    temporality = (Temporality)(int)reader.ReadVarint();
                    break;
                case MetricTags.Points.IsMonotonic:
                    monotonic = reader.ReadVarint() != 0;
                    break;
                default:
                    reader.Skip(tag);
                    break;
            }
        }

        return !reader.Failed;
    }
}
