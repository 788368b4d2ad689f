using Kpi.Collector.Lookup;
using Kpi.Collector.Otlp;
using Kpi.Rollups.Intake;
using Kpi.Rollups.Lanes;
using Kpi.Rollups.Time;

namespace Kpi.Collector.Points;

/// <summary>Turns a counter's data point into a sample, or says why not.</summary>
internal sealed class PointTranslator(PointSeries series)
{
    /// <summary>The slot of a known series, or <see cref="PointSeries.Unknown"/>.</summary>
    public int Find(ReadOnlySpan<byte> key) => series.Find(key);

    /// <summary>Adds the point's sample to the batch. False when its series is new and <paramref name="create"/> is not set: nothing was added.</summary>
    /// <param name="slot">Its series, if known.</param>
    /// <param name="metric">The point's metric.</param>
    /// <param name="point">The point; its attributes are sound, and checked for UTF-8 unless the series is known.</param>
    /// <param name="resource">Where it comes from.</param>
    /// <param name="scope">What measured it.</param>
    /// <param name="key">By which its series will be known; empty when it is too long for that.</param>
    /// <param name="limits">The times it may be of.</param>
    /// <param name="create">Whether its series may be made.</param>
    /// <param name="batch">Where the sample goes.</param>
    /// <param name="tally">Where it is counted.</param>
    public bool TryAdd(
        int slot,
        scoped in MetricFacts metric,
        scoped in PointFacts point,
        int resource,
        ReadOnlySpan<byte> scope,
        ReadOnlySpan<byte> key,
        IntakeLimits limits,
        bool create,
        SampleBatch batch,
        ref ItemTally tally)
    {
        if ((Validate(in metric, in point, limits) ?? ValidateCounter(in point)) is { } reason)
        {
            tally.Reject(reason);
            return true;
        }

        if (slot < 0)
        {
            if (!create)
            {
                return false;
            }

            if (series.TryCreate(in metric, in point, resource, scope, key, out slot, ref tally) is { } refused)
            {
                tally.Reject(refused);
                return true;
            }
        }

        batch.Add(SampleOf(slot, in metric, in point));
        return true;
    }

    /// <summary>Counts a point of a kind that is not stored yet.</summary>
    public static void Count(scoped in MetricFacts metric, scoped in PointFacts point, IntakeLimits limits, ref ItemTally tally)
    {
        if (Validate(in metric, in point, limits) is { } reason)
        {
            tally.Reject(reason);
            return;
        }

        tally.NotStored(
            metric.Kind switch
            {
                PointKind.Gauge => RejectReason.GaugeNotStored,
                PointKind.Histogram => RejectReason.HistogramNotStored,
                PointKind.ExponentialHistogram => RejectReason.ExponentialHistogramNotStored,
                PointKind.Summary => RejectReason.SummaryNotStored,
                _ => RejectReason.SumNotStored,
            },
            1);
    }

    private static RejectReason? Validate(scoped in MetricFacts metric, scoped in PointFacts point, IntakeLimits limits) =>
        !point.IsUtf8 ? RejectReason.InvalidUtf8
        : metric.Name.Length is 0 or > IntakeLimits.MostLabelBytes ? RejectReason.InvalidName
        : metric.NeedsTemporality && metric.Temporality is not (Temporality.Delta or Temporality.Cumulative) ? RejectReason.NoTemporality
        : point.Time == 0 ? RejectReason.NoTime
        : point.Time > (ulong)limits.Latest ? RejectReason.TooFarAhead
        : point.Time < (ulong)limits.Earliest ? RejectReason.TooOld
        : null;

    private static RejectReason? ValidateCounter(scoped in PointFacts point)
    {
        if (point.HasNoRecordedValue)
        {
            return null;
        }

        return point.Value switch
        {
            PointValue.None => RejectReason.NoValue,
            PointValue.Integer => point.Bits < 0 ? RejectReason.NegativeValue : null,
            _ => !double.IsFinite(BitConverter.Int64BitsToDouble(point.Bits)) ? RejectReason.NotFinite
                : BitConverter.Int64BitsToDouble(point.Bits) < 0 ? RejectReason.NegativeValue
                : null,
        };
    }

    private static CounterSample SampleOf(int slot, scoped in MetricFacts metric, scoped in PointFacts point)
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
