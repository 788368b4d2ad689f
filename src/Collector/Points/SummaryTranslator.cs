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
    public const int MostQuantiles = 64;

    private static readonly SeriesPart Count = new(SeriesKind.Counter, "_count");
    private static readonly SeriesPart Sum = new(SeriesKind.Counter, "_sum");

    /// <summary>Adds its samples, all or none. False when a series is new and may not be made: then none.</summary>
    /// <param name="key">The point's key, with room for what tells its series apart.</param>
    /// <param name="keyed">Whether the key holds the point's attributes.</param>
    public bool TryAdd(scoped in MetricFacts metric, scoped in PointFacts point, scoped in PointOrigin origin, scoped KeyBuffer key, bool keyed, ref ItemTally tally)
    {
        if ((long)point.Counts.Count < 0 || point.Counts.Quantiles > MostQuantiles)
        {
            tally.Reject(RejectReason.InvalidBuckets);
            return true;
        }

        Span<double> quantiles = stackalloc double[point.Counts.Quantiles];
        Span<double> values = stackalloc double[quantiles.Length];
        Span<int> slots = stackalloc int[quantiles.Length];
        Read(in point, quantiles, values);
        var sum = PointSeries.Unknown;
        var refused = Find(Count, 0, in metric, in point, in origin, key, keyed, out var count, ref tally)
            ?? Find(Sum, 1, in metric, in point, in origin, key, keyed, out sum, ref tally);
        for (var i = 0; i < quantiles.Length && refused is null; i++)
        {
            var part = new SeriesPart(SeriesKind.Gauge, Quantile: quantiles[i]);
            refused = Find(part, BitConverter.DoubleToInt64Bits(quantiles[i]) | 2, in metric, in point, in origin, key, keyed, out slots[i], ref tally);
        }

        if (refused is { } reason)
        {
            tally.Reject(reason);
            return true;
        }

        if (count < 0 || sum < 0 || slots.IndexOf(PointSeries.Unknown) >= 0)
        {
            return false;
        }

        Add(in point, origin.Batch, count, sum);
        for (var i = 0; i < slots.Length; i++)
        {
            // NaN says that nothing was observed of late.
            if (!double.IsNaN(values[i]) || point.HasNoRecordedValue)
            {
                origin.Batch.Add(new GaugeSample(slots[i], new UnixNanos((long)point.Time), values[i], point.HasNoRecordedValue));
            }
        }

        return true;
    }

    private static void Add(scoped in PointFacts point, SampleBatch batch, int count, int sum)
    {
        var time = new UnixNanos((long)point.Time);
        if (point.HasNoRecordedValue)
        {
            batch.Add(CounterSample.Stale(count, time));
            batch.Add(CounterSample.Stale(sum, time));
            return;
        }

        var start = new UnixNanos(point.Start > point.Time ? 0 : (long)point.Start);
        batch.Add(CounterSample.Total(count, start, time, (long)point.Counts.Count));
        if (point.Counts.Sum >= 0)
        {
            batch.Add(CounterSample.Total(sum, start, time, point.Counts.Sum));
        }
    }

    private static void Read(scoped in PointFacts point, scoped Span<double> quantiles, scoped Span<double> values)
    {
        var at = 0;
        var reader = new ProtoReader(point.Message);
        while (reader.TryReadTag(out var tag))
        {
            if (tag == MetricTags.SummaryPoint.QuantileValues)
            {
                SummaryPointReader.TryReadQuantile(reader.ReadBytes(), out quantiles[at], out values[at]);
                at++;
            }
            else
            {
                reader.Skip(tag);
            }
        }
    }

    // The slot stays unknown when the series is new and may not be made.
    private RejectReason? Find(
        SeriesPart part, long mark, scoped in MetricFacts metric, scoped in PointFacts point, scoped in PointOrigin origin, scoped KeyBuffer key, bool keyed, out int slot, ref ItemTally tally)
    {
        var own = keyed && key.TryNumber(mark) ? key.Written : default;
        slot = own.IsEmpty ? PointSeries.Unknown : series.Find(own);
        return slot >= 0 || !origin.Create ? null : series.TryCreate(part, in metric, in point, in origin, own, out slot, ref tally);
    }
}
