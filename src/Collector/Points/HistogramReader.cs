using System.Runtime.InteropServices;
using Kpi.Collector.Otlp.Metrics;
using Kpi.Rollups.Cells;
using Kpi.Rollups.Intake;
using Kpi.Rollups.Lanes;
using Kpi.Rollups.Time;

namespace Kpi.Collector.Points;

/// <summary>Reads the buckets of a histogram's data point into a batch, or says what is wrong with them.</summary>
internal sealed class HistogramReader
{
    /// <summary>Buckets of a point on either side of zero at most; SDKs keep 160.</summary>
    public const int MostBuckets = 4_096;

    /// <summary>Events of a point at most: a million a second for eleven days.</summary>
    public const long MostEvents = 1_000_000_000_000;

    // Buckets farther from 1 are kept in a coarser scale: in ours they reach to 2^±64, so that no two points make a row of a megabyte.
    private const int MostIndex = 4_096;

    private readonly HistogramLayouts layouts = new();

    /// <summary>Reads a sound point; its sample still lacks the slot.</summary>
    public RejectReason? TryRead(scoped in MetricFacts metric, scoped in PointFacts point, SampleBatch batch, out HistogramSample sample)
    {
        sample = new HistogramSample
        {
            Slot = -1,
            Start = new UnixNanos(point.Start > point.Time ? 0 : (long)point.Start),
            Time = new UnixNanos((long)point.Time),
            IsIncrease = metric.Temporality == Temporality.Delta,
            IsStale = point.HasNoRecordedValue,
            Count = (long)point.Counts.Count,
            Sum = point.Counts.Sum,
            Min = point.Counts.Min,
            Max = point.Counts.Max,
        };
        if (sample.IsStale)
        {
            return null;
        }

        var read = sample.Count is < 0 or > MostEvents ? null
            : metric.Kind == PointKind.Histogram ? ReadExplicit(in point, batch, sample)
            : ReadExponential(in point, batch, sample);
        sample = read ?? sample;
        return read is null ? RejectReason.InvalidBuckets : null;
    }

    private HistogramSample? ReadExplicit(scoped in PointFacts point, SampleBatch batch, HistogramSample sample)
    {
        var (buckets, bounds) = (point.Counts.Buckets, point.Counts.Bounds);
        var counted = buckets == bounds + 1;
        if ((!counted && buckets + bounds > 0) || bounds > HistogramLayout.MostBounds)
        {
            return null;
        }

        Span<double> edges = stackalloc double[bounds];
        HistogramPointReader.ReadNumbers(
            point.Message, MetricTags.HistogramPoint.ExplicitBounds, MetricTags.HistogramPoint.ExplicitBound, MemoryMarshal.AsBytes(edges));
        if (layouts.Of(edges) is not { } layout)
        {
            return null;
        }

        var counts = batch.AddBuckets(bounds + 1, out var at);
        if (counted)
        {
            HistogramPointReader.ReadNumbers(
                point.Message, MetricTags.HistogramPoint.BucketCounts, MetricTags.HistogramPoint.BucketCount, MemoryMarshal.AsBytes(counts));
        }
        else
        {
            counts[0] = sample.Count;
        }

        return Sum(counts) == sample.Count ? sample with { Layout = layout, BucketsAt = at, PositiveLength = counts.Length } : null;
    }

    // A scale finer than ours makes neighbours one.
    private HistogramSample? ReadExponential(scoped in PointFacts point, SampleBatch batch, HistogramSample sample)
    {
        var facts = point.Counts;
        var zeros = (long)facts.Zeros;
        var steps = Math.Max(Math.Max(0, facts.Scale - HistogramLayout.MostScale), Math.Max(StepsOf(facts.Positive), StepsOf(facts.Negative)));
        var scale = (long)facts.Scale - steps;
        if (scale is < HistogramLayout.LeastScale or > HistogramLayout.MostScale || zeros < 0 || !double.IsFinite(facts.ZeroThreshold) || facts.ZeroThreshold < 0)
        {
            return null;
        }

        var layout = layouts.Of((int)scale, facts.ZeroThreshold);
        if (!TryReadSide(in point, MetricTags.ExponentialPoint.Positive, facts.Positive, layout, steps, batch, out var positive)
            || !TryReadSide(in point, MetricTags.ExponentialPoint.Negative, facts.Negative, layout, steps, batch, out var negative))
        {
            return null;
        }

        var read = sample with
        {
            Layout = layout,
            Zeros = zeros,
            BucketsAt = positive.At,
            PositiveFirst = positive.First,
            PositiveLength = positive.Length,
            NegativeFirst = negative.First,
            NegativeLength = negative.Length,
        };
        var inBuckets = Sum(batch.BucketsOf(in read));
        return inBuckets >= 0 && inBuckets == sample.Count - zeros ? read : null;
    }

    private static bool TryReadSide(
        scoped in PointFacts point, uint side, BucketFacts facts, HistogramLayout layout, int steps, SampleBatch batch, out Row row)
    {
        row = new Row(batch.BucketCount, 0, 0);
        if (facts.Count == 0)
        {
            return true;
        }

        if (facts.Count > MostBuckets || (long)facts.Offset + facts.Count - 1 > int.MaxValue)
        {
            return false;
        }

        Span<long> counts = stackalloc long[facts.Count];
        ExponentialPointReader.ReadCounts(point.Message, side, counts);

        // Empty buckets at the ends say nothing, and may lie where no number is.
        var filled = counts.IndexOfAnyExcept(0);
        if (filled < 0)
        {
            return true;
        }

        var (first, last) = ((facts.Offset + filled) >> steps, (facts.Offset + counts.LastIndexOfAnyExcept(0)) >> steps);
        if (first < layout.LowestIndex || last > layout.HighestIndex)
        {
            return false;
        }

        var lowered = batch.AddBuckets(last - first + 1, out var at);
        lowered.Clear();
        for (var i = filled; i < counts.Length; i++)
        {
            if (counts[i] != 0)
            {
                lowered[((facts.Offset + i) >> steps) - first] += counts[i];
            }
        }

        row = new Row(at, first, lowered.Length);
        return true;
    }

    // By how many steps a side's buckets are to be lowered to lie near enough to 1.
    private static int StepsOf(BucketFacts side)
    {
        var (first, last, steps) = ((long)side.Offset, (long)side.Offset + Math.Max(side.Count, 1) - 1, 0);
        for (; side.Count > 0 && (first >> steps < -MostIndex || last >> steps > MostIndex); steps++)
        {
        }

        return steps;
    }

    // −1 when it is more than a count can be.
    private static long Sum(ReadOnlySpan<long> counts)
    {
        long sum = 0;
        foreach (var count in counts)
        {
            if (count < 0 || sum > long.MaxValue - count)
            {
                return -1;
            }

            sum += count;
        }

        return sum;
    }

    private readonly record struct Row(int At, int First, int Length);
}
