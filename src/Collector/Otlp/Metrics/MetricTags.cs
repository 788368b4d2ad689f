using Kpi.Collector.Protobuf;

namespace Kpi.Collector.Otlp.Metrics;

/// <summary>
/// Tags (<c>number &lt;&lt; 3 | wire type</c>) of a metric and its data points.
/// Source: opentelemetry-proto at ac2c4b5: metrics/v1/metrics.proto.
/// </summary>
internal static class MetricTags
{
    public static class Metric
    {
        public const uint Name = (1 << 3) | WireType.Bytes;
        public const uint Description = (2 << 3) | WireType.Bytes;
        public const uint Unit = (3 << 3) | WireType.Bytes;
        public const uint Gauge = (5 << 3) | WireType.Bytes;
        public const uint Sum = (7 << 3) | WireType.Bytes;
        public const uint Histogram = (9 << 3) | WireType.Bytes;
        public const uint ExponentialHistogram = (10 << 3) | WireType.Bytes;
        public const uint Summary = (11 << 3) | WireType.Bytes;
        public const uint Metadata = (12 << 3) | WireType.Bytes;
    }

    /// <summary>Gauge, sum, histograms, summary: as far as they have a field, it has the same number.</summary>
    public static class Points
    {
        public const uint DataPoints = (1 << 3) | WireType.Bytes;
        public const uint Temporality = (2 << 3) | WireType.Varint;
        public const uint IsMonotonic = (3 << 3) | WireType.Varint;
    }

    public static class NumberPoint
    {
        public const uint StartTime = (2 << 3) | WireType.Fixed64;
        public const uint Time = (3 << 3) | WireType.Fixed64;
        public const uint AsDouble = (4 << 3) | WireType.Fixed64;
        public const uint Exemplars = (5 << 3) | WireType.Bytes;
        public const uint AsInt = (6 << 3) | WireType.Fixed64;
        public const uint Attributes = (7 << 3) | WireType.Bytes;
        public const uint Flags = (8 << 3) | WireType.Varint;
    }

    public static class HistogramPoint
    {
        public const uint StartTime = (2 << 3) | WireType.Fixed64;
        public const uint Time = (3 << 3) | WireType.Fixed64;
        public const uint Count = (4 << 3) | WireType.Fixed64;
        public const uint Sum = (5 << 3) | WireType.Fixed64;
        public const uint BucketCounts = (6 << 3) | WireType.Bytes;
        public const uint BucketCount = (6 << 3) | WireType.Fixed64;
        public const uint ExplicitBounds = (7 << 3) | WireType.Bytes;
        public const uint ExplicitBound = (7 << 3) | WireType.Fixed64;
        public const uint Exemplars = (8 << 3) | WireType.Bytes;
        public const uint Attributes = (9 << 3) | WireType.Bytes;
        public const uint Flags = (10 << 3) | WireType.Varint;
        public const uint Min = (11 << 3) | WireType.Fixed64;
        public const uint Max = (12 << 3) | WireType.Fixed64;
    }

    public static class ExponentialPoint
    {
        public const uint Attributes = (1 << 3) | WireType.Bytes;
        public const uint StartTime = (2 << 3) | WireType.Fixed64;
        public const uint Time = (3 << 3) | WireType.Fixed64;
        public const uint Count = (4 << 3) | WireType.Fixed64;
        public const uint Sum = (5 << 3) | WireType.Fixed64;
        public const uint Scale = (6 << 3) | WireType.Varint;
        public const uint ZeroCount = (7 << 3) | WireType.Fixed64;
        public const uint Positive = (8 << 3) | WireType.Bytes;
        public const uint Negative = (9 << 3) | WireType.Bytes;
        public const uint Flags = (10 << 3) | WireType.Varint;
        public const uint Exemplars = (11 << 3) | WireType.Bytes;
        public const uint Min = (12 << 3) | WireType.Fixed64;
        public const uint Max = (13 << 3) | WireType.Fixed64;
        public const uint ZeroThreshold = (14 << 3) | WireType.Fixed64;
    }

    public static class Buckets
    {
        public const uint Offset = (1 << 3) | WireType.Varint;
        public const uint BucketCounts = (2 << 3) | WireType.Bytes;
        public const uint BucketCount = (2 << 3) | WireType.Varint;
    }

    public static class SummaryPoint
    {
        public const uint StartTime = (2 << 3) | WireType.Fixed64;
        public const uint Time = (3 << 3) | WireType.Fixed64;
        public const uint Count = (4 << 3) | WireType.Fixed64;
        public const uint Sum = (5 << 3) | WireType.Fixed64;
        public const uint QuantileValues = (6 << 3) | WireType.Bytes;
        public const uint Attributes = (7 << 3) | WireType.Bytes;
        public const uint Flags = (8 << 3) | WireType.Varint;
    }

    public static class QuantileValue
    {
        public const uint Quantile = (1 << 3) | WireType.Fixed64;
        public const uint Value = (2 << 3) | WireType.Fixed64;
    }

    public static class Exemplar
    {
        public const uint FilteredAttributes = (7 << 3) | WireType.Bytes;
    }
}
