using Kpi.Collector.Lookup;
using Kpi.Collector.Otlp;
using Kpi.Rollups.Identity;
using Kpi.Rollups.Intake;
using Kpi.Rollups.Lanes;
using Kpi.Rollups.Time;

namespace Kpi.Collector.Points;

/// <summary>Turns a data point into samples, or says why not.</summary>
internal sealed class PointTranslator(PointSeries series)
{
    private readonly HistogramReader histograms = new();
    private readonly SummaryTranslator summaries = new(series);

    /// <summary>The slot of a known series, or <see cref="PointSeries.Unknown"/>.</summary>
    public int Find(ReadOnlySpan<byte> key) => series.Find(key);

    /// <summary>Adds the point's samples to the batch. False when its series is new and may not be made.</summary>
    /// <param name="slot">Its series, if known.</param>
    /// <param name="metric">The point's metric.</param>
    /// <param name="point">The point; its attributes are sound, and checked for UTF-8 unless the series is known.</param>
    /// <param name="origin">Where it comes from and its samples go.</param>
    /// <param name="key">By which its series will be known.</param>
    /// <param name="keyed">Whether the key holds its attributes: they may be too long.</param>
    /// <param name="tally">Where it is counted.</param>
    public bool TryAdd(
        int slot, scoped in MetricFacts metric, scoped in PointFacts point, scoped in PointOrigin origin, scoped KeyBuffer key, bool keyed, ref ItemTally tally)
    {
        if ((Validate(in metric, in point, origin.Limits) ?? (origin.Batch.IsFull ? RejectReason.TooManySamples : null)) is { } reason)
        {
            tally.Reject(reason);
            return true;
        }

        return metric.Kind switch
        {
            PointKind.Summary => summaries.TryAdd(in metric, in point, in origin, key, keyed, ref tally),
            PointKind.Histogram or PointKind.ExponentialHistogram => TryAddHistogram(slot, in metric, in point, in origin, key, keyed, ref tally),
            _ => TryAddNumber(slot, in metric, in point, in origin, key, keyed, ref tally),
        };
    }

    private bool TryAddNumber(
        int slot, scoped in MetricFacts metric, scoped in PointFacts point, scoped in PointOrigin origin, scoped KeyBuffer key, bool keyed, ref ItemTally tally)
    {
        var isCounter = metric.SeriesKind == SeriesKind.Counter;
        if (ValidateNumber(in point, metric.Kind, isCounter) is { } reason)
        {
            tally.Reject(reason);
            return true;
        }

        if (slot < 0 && !TryCreate(in metric, in point, in origin, key, keyed, ref slot, ref tally))
        {
            return origin.Create;
        }

        if (isCounter)
        {
            origin.Batch.Add(CounterOf(slot, in metric, in point));
        }
        else
        {
            origin.Batch.Add(GaugeOf(slot, in point));
        }

        return true;
    }

    private bool TryAddHistogram(
        int slot, scoped in MetricFacts metric, scoped in PointFacts point, scoped in PointOrigin origin, scoped KeyBuffer key, bool keyed, ref ItemTally tally)
    {
        // An unknown series is walked to a second time, and then the buckets are read.
        if (slot < 0 && !origin.Create)
        {
            return false;
        }

        if (histograms.TryRead(in metric, in point, origin.Batch, out var sample) is { } reason)
        {
            tally.Reject(reason);
            return true;
        }

        if (slot >= 0 || TryCreate(in metric, in point, in origin, key, keyed, ref slot, ref tally))
        {
            origin.Batch.Add(sample with { Slot = slot });
        }

        return true;
    }

    // False when there is no series: it is not to be made, or it cannot be and the point is rejected.
    private bool TryCreate(
        scoped in MetricFacts metric, scoped in PointFacts point, scoped in PointOrigin origin, scoped KeyBuffer key, bool keyed, ref int slot, ref ItemTally tally)
    {
        if (!origin.Create)
        {
            return false;
        }

        var part = new SeriesPart(metric.SeriesKind);
        if (series.TryCreate(part, in metric, in point, in origin, keyed ? key.Written : default, out slot, ref tally) is { } refused)
        {
            tally.Reject(refused);
            return false;
        }

        return true;
    }

    private static RejectReason? Validate(scoped in MetricFacts metric, scoped in PointFacts point, IntakeLimits limits) =>
        !point.IsUtf8 ? RejectReason.InvalidUtf8
        : metric.Name.Length is 0 or > IntakeLimits.MostLabelBytes ? RejectReason.InvalidName
        : metric.NeedsTemporality && metric.Temporality is not (Temporality.Delta or Temporality.Cumulative) ? RejectReason.NoTemporality
        : point.Time == 0 ? RejectReason.NoTime
        : point.Time > (ulong)limits.Latest ? RejectReason.TooFarAhead
        : point.Time < (ulong)limits.Earliest ? RejectReason.TooOld
        : null;

    // A gauge may show NaN, a counter cannot count it.
    private static RejectReason? ValidateNumber(scoped in PointFacts point, PointKind kind, bool isCounter)
    {
        if (point.HasNoRecordedValue)
        {
            return null;
        }

        var value = point.Value == PointValue.Integer ? point.Bits : BitConverter.Int64BitsToDouble(point.Bits);
        return point.Value == PointValue.None ? RejectReason.NoValue
            : !isCounter ? null
            : !double.IsFinite(value) ? RejectReason.NotFinite
            : value < 0 && kind == PointKind.Counter ? RejectReason.NegativeValue
            : null;
    }

    private static GaugeSample GaugeOf(int slot, scoped in PointFacts point) => new(
        slot,
        new UnixNanos((long)point.Time),
        point.Value == PointValue.Integer ? point.Bits : BitConverter.Int64BitsToDouble(point.Bits),
        point.HasNoRecordedValue);

    private static CounterSample CounterOf(int slot, scoped in MetricFacts metric, scoped in PointFacts point)
    {
        var time = new UnixNanos((long)point.Time);
        if (point.HasNoRecordedValue)
        {
            return CounterSample.Stale(slot, time);
        }

        // A start behind the point says as little as none.
        var start = new UnixNanos(point.Start > point.Time ? 0 : (long)point.Start);
        var value = BitConverter.Int64BitsToDouble(point.Bits);
        return (metric.Temporality == Temporality.Delta, point.Value == PointValue.Integer) switch
        {
            (true, true) => CounterSample.Increase(slot, start, time, point.Bits),
            (true, false) => CounterSample.Increase(slot, start, time, value),
            (false, true) => CounterSample.Total(slot, start, time, point.Bits),
            (false, false) => CounterSample.Total(slot, start, time, value),
        };
    }
}
