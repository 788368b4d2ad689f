using Kpi.Collector.Points;
using Kpi.Collector.Protobuf;

namespace Kpi.Collector.Otlp.Metrics;

/// <summary>Reads a <c>HistogramDataPoint</c>, its buckets no further than how many there are.</summary>
internal static class HistogramPointReader
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
                case MetricTags.HistogramPoint.StartTime:
                    point.Start = reader.ReadFixed64();
                    break;
                case MetricTags.HistogramPoint.Time:
                    point.Time = reader.ReadFixed64();
                    break;
                case MetricTags.HistogramPoint.Count:
                    counts.Count = reader.ReadFixed64();
                    break;
                case MetricTags.HistogramPoint.Sum:
                    counts.SetSum(reader.ReadFixed64());
                    break;
                case MetricTags.HistogramPoint.Min:
                    counts.SetMin(reader.ReadFixed64());
                    break;
                case MetricTags.HistogramPoint.Max:
                    counts.SetMax(reader.ReadFixed64());
                    break;
                case MetricTags.HistogramPoint.BucketCounts:
                    sound = TryCount(reader.ReadBytes(), ref counts.Buckets);
                    break;
                case MetricTags.HistogramPoint.ExplicitBounds:
                    sound = TryCount(reader.ReadBytes(), ref counts.Bounds);
                    break;
                case MetricTags.HistogramPoint.Flags:
                    point.HasNoRecordedValue = PointReader.HasNoRecordedValue(reader.ReadVarint());
                    break;
                case MetricTags.HistogramPoint.Exemplars:
                    sound = PointReader.TryReadExemplar(reader.ReadBytes(), ref point.IsUtf8);
                    break;
                default:
                    counts.Buckets += tag == MetricTags.HistogramPoint.BucketCount ? 1 : 0;
                    counts.Bounds += tag == MetricTags.HistogramPoint.ExplicitBound ? 1 : 0;
                    point.Attributes += tag == MetricTags.HistogramPoint.Attributes ? 1 : 0;
                    reader.Skip(tag);
                    break;
            }
        }

        return sound && !reader.Failed;
    }

    /// <summary>Reads numbers of 8 bytes that come packed, one by one, or both.</summary>
    /// <param name="message">A point that was read before.</param>
    /// <param name="packed">The tag of several together.</param>
    /// <param name="single">The tag of one.</param>
    /// <param name="into">As many as were counted.</param>
    public static void ReadNumbers(ReadOnlySpan<byte> message, uint packed, uint single, scoped Span<byte> into)
    {
        var reader = new ProtoReader(message);
        while (reader.TryReadTag(out var tag))
        {
            if (tag == packed)
            {
                var numbers = reader.ReadBytes();
                numbers.CopyTo(into);
                into = into[numbers.Length..];
            }
            else if (tag == single)
            {
                BitConverter.TryWriteBytes(into, reader.ReadFixed64());
                into = into[sizeof(ulong)..];
            }
            else
            {
                reader.Skip(tag);
            }
        }
    }

    private static bool TryCount(ReadOnlySpan<byte> packed, ref int count)
    {
        count += packed.Length / sizeof(ulong);
        return packed.Length % sizeof(ulong) == 0;
    }
}
