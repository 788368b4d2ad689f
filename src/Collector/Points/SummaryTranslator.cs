using System.Globalization;
using Kpi.Collector.Lookup;
using Kpi.Collector.Otlp;
using Kpi.Collector.Otlp.Metrics;
using Kpi.Collector.Protobuf;
using Kpi.Rollups.Identity;
using Kpi.Rollups.Intake;
using Kpi.Rollups.Lanes;
using Kpi.Rollups.Time;

namespace Kpi.Collector.Points;

/// <summary>
/// A summary's data point as the series that Prometheus has for one: <c>_count</c> and <c>_sum</c>, counters, and a gauge per quantile,
/// as it came. Quantiles of several senders say nothing together, so nobody adds them up.
/// </summary>
internal sealed class SummaryTranslator(PointSeries series)
{
    /// <summary>Quantiles of a point at most.</summary>
    private const int MostQuantiles = 64;

    private static readonly SeriesPart Count = new(SeriesKind.Counter, "_count");
    private static readonly SeriesPart Sum = new(SeriesKind.Counter, "_sum");

    /// <summary>Adds its samples. False when a series is new and may not be made: then some may be missing.</summary>
    /// <param name="key">The point's key, with room for what tells its series apart; null when its attributes do not fit.</param>
    public bool TryAdd(scoped in MetricFacts metric, scoped in PointFacts point, scoped in PointOrigin origin, scoped KeyBuffer key, bool keyed, ref ItemTally tally)
    {
        var (start, time) = (new UnixNanos(point.Start > point.Time ? 0 : (long)point.Start), new UnixNanos((long)point.Time));
        if ((long)point.Counts.Count < 0)
        {
            tally.Reject(RejectReason.InvalidBuckets);
            return true;
        }

        if (Find(Count, 0, in metric, in point, in origin, key, keyed, ref tally) is not { } count
            || Find(Sum, 1, in metric, in point, in origin, key, keyed, ref tally) is not { } sum)
        {
            return origin.Create;
        }

        origin.Batch.Add(point.HasNoRecordedValue ? CounterSample.Stale(count, time) : CounterSample.Total(count, start, time, (long)point.Counts.Count));
        if (point.HasNoRecordedValue || point.Counts.Sum >= 0)
        {
            origin.Batch.Add(point.HasNoRecordedValue ? CounterSample.Stale(sum, time) : CounterSample.Total(sum, start, time, point.Counts.Sum));
        }

        return TryAddQuantiles(in metric, in point, in origin, key, keyed, ref tally);
    }

    private bool TryAddQuantiles(
        scoped in MetricFacts metric, scoped in PointFacts point, scoped in PointOrigin origin, scoped KeyBuffer key, bool keyed, ref ItemTally tally)
    {
        var left = MostQuantiles;
        var reader = new ProtoReader(point.Message);
        while (reader.TryReadTag(out var tag))
        {
            if (tag != MetricTags.SummaryPoint.QuantileValues)
            {
                reader.Skip(tag);
                continue;
            }

            // NaN says that nothing was observed of late.
            SummaryPointReader.TryReadQuantile(reader.ReadBytes(), out var quantile, out var value);
            if (left-- <= 0 || double.IsNaN(quantile) || (double.IsNaN(value) && !point.HasNoRecordedValue))
            {
                continue;
            }

            var part = new SeriesPart(SeriesKind.Gauge, "", new("quantile", quantile.ToString("R", CultureInfo.InvariantCulture)));
            if (Find(part, BitConverter.DoubleToInt64Bits(quantile) | 2, in metric, in point, in origin, key, keyed, ref tally) is not { } slot)
            {
                return origin.Create;
            }

            origin.Batch.Add(new GaugeSample(slot, new UnixNanos((long)point.Time), value, point.HasNoRecordedValue));
        }

        return true;
    }

    private int? Find(
        SeriesPart part, long mark, scoped in MetricFacts metric, scoped in PointFacts point, scoped in PointOrigin origin, scoped KeyBuffer key, bool keyed, ref ItemTally tally)
    {
        var own = keyed && key.TryNumber(mark) ? key.Written : default;
        var slot = own.IsEmpty ? PointSeries.Unknown : series.Find(own);
        if (slot >= 0 || !origin.Create)
        {
            return slot >= 0 ? slot : null;
        }

        if (series.TryCreate(part, in metric, in point, in origin, own, out slot, ref tally) is { } refused)
        {
            tally.Reject(refused);
            return null;
        }

        return slot;
    }
}
