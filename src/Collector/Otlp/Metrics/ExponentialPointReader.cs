using Kpi.Collector.Points;
using Kpi.Collector.Protobuf;

namespace Kpi.Collector.Otlp.Metrics;

/// <summary>Reads an <c>ExponentialHistogramDataPoint</c>, its buckets no further than where they lie and how many there are.</summary>
internal static class ExponentialPointReader
{
    /// <summary>Reads everything but the attributes. False when it is malformed.</summary>
    public static bool TryRead(ReadOnlySpan<byte> message, ref PointFacts point)
    {
        ref var counts = ref point.Counts;
        var sound = true;
        var reader = new ProtoReader(message);
        while (reader.TryReadTag(out var tag) && sound)
        {
            switch (tag)
            {
                case MetricTags.ExponentialPoint.StartTime:
                    point.Start = reader.ReadFixed64();
                    break;
                case MetricTags.ExponentialPoint.Time:
                    point.Time = reader.ReadFixed64();
                    break;
                case MetricTags.ExponentialPoint.Count:
                    counts.Count = reader.ReadFixed64();
                    break;
                case MetricTags.ExponentialPoint.Sum:
                    counts.SetSum(reader.ReadFixed64());
                    break;
                case MetricTags.ExponentialPoint.Min:
                    counts.SetMin(reader.ReadFixed64());
                    break;
                case MetricTags.ExponentialPoint.Max:
                    counts.SetMax(reader.ReadFixed64());
                    break;
                case MetricTags.ExponentialPoint.Scale:
                    counts.Scale = Zigzag(reader.ReadVarint());
                    break;
                case MetricTags.ExponentialPoint.ZeroCount:
                    counts.Zeros = reader.ReadFixed64();
                    break;
                case MetricTags.ExponentialPoint.ZeroThreshold:
                    counts.ZeroThreshold = BitConverter.UInt64BitsToDouble(reader.ReadFixed64());
                    break;
                case MetricTags.ExponentialPoint.Positive:
                    sound = TryReadBuckets(reader.ReadBytes(), ref counts.Positive);
                    break;
                case MetricTags.ExponentialPoint.Negative:
                    sound = TryReadBuckets(reader.ReadBytes(), ref counts.Negative);
                    break;
                case MetricTags.ExponentialPoint.Flags:
                    point.HasNoRecordedValue = PointReader.HasNoRecordedValue(reader.ReadVarint());
                    break;
                case MetricTags.ExponentialPoint.Exemplars:
                    sound = PointReader.TryReadExemplar(reader.ReadBytes(), ref point.IsUtf8);
                    break;
                default:
                    point.Attributes += tag == MetricTags.ExponentialPoint.Attributes ? 1 : 0;
                    reader.Skip(tag);
                    break;
            }
        }

        return sound && !reader.Failed;
    }

    /// <summary>Reads the counts of the buckets on one side of zero.</summary>
    /// <param name="message">A point that was read before.</param>
    /// <param name="side">The side's tag; when it comes several times, the counts follow each other.</param>
    /// <param name="into">As many as were counted. One that is more than a count can be reads as negative.</param>
    public static void ReadCounts(ReadOnlySpan<byte> message, uint side, scoped Span<long> into)
    {
        var reader = new ProtoReader(message);
        while (reader.TryReadTag(out var tag))
        {
            if (tag == side)
            {
                into = ReadCounts(reader.ReadBytes(), into);
            }
            else
            {
                reader.Skip(tag);
            }
        }
    }

    private static Span<long> ReadCounts(ReadOnlySpan<byte> buckets, Span<long> into)
    {
        var reader = new ProtoReader(buckets);
        while (reader.TryReadTag(out var tag))
        {
            switch (tag)
            {
                case MetricTags.Buckets.BucketCounts:
                    var counts = new ProtoReader(reader.ReadBytes());
                    for (; !counts.AtEnd; into = into[1..])
                    {
                        into[0] = (long)counts.ReadVarint();
                    }

                    break;
                case MetricTags.Buckets.BucketCount:
                    into[0] = (long)reader.ReadVarint();
                    into = into[1..];
                    break;
                default:
                    reader.Skip(tag);
                    break;
            }
        }

        return into;
    }

    // The counts are varints, packed or one by one.
    private static bool TryReadBuckets(ReadOnlySpan<byte> message, ref BucketFacts buckets)
    {
        var reader = new ProtoReader(message);
        while (reader.TryReadTag(out var tag))
        {
            switch (tag)
            {
                case MetricTags.Buckets.Offset:
                    buckets.Offset = Zigzag(reader.ReadVarint());
                    break;
                case MetricTags.Buckets.BucketCounts:
                    var counts = new ProtoReader(reader.ReadBytes());
                    for (; !counts.AtEnd; buckets.Count++)
                    {
                        counts.ReadVarint();
                    }

                    if (counts.Failed)
                    {
                        return false;
                    }

                    break;
                default:
                    buckets.Count += tag == MetricTags.Buckets.BucketCount ? 1 : 0;
                    reader.Skip(tag);
                    break;
            }
        }

        return !reader.Failed;
    }

    private static int Zigzag(ulong value) => (int)((uint)value >> 1) ^ -(int)(value & 1);
}
