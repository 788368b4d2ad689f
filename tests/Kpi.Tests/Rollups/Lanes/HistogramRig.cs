using Kpi.Rollups.Cells;
using Kpi.Rollups.Identity;
using Kpi.Rollups.Intake;
using Kpi.Rollups.Lanes;
using Kpi.Rollups.Time;
using Kpi.Tests.Rollups.Cells;
using Kpi.Tests.Rollups.Reading;

namespace Kpi.Tests.Rollups.Lanes;

/// <summary>One lane and one histogram series; times are seconds after <see cref="Begin"/>, a slice's edge.</summary>
internal sealed class HistogramRig
{
    public const long Second = 1_000_000_000;
    public const long Begin = 1_790_000_000 * Second;

    private static readonly SliceRange All = new(new Slice(0), new Slice(int.MaxValue));

    public HistogramRig(RollupLimits? limits = null, bool overflow = false)
    {
        Catalog = new SeriesCatalog(limits ?? new RollupLimits());
        Series = overflow
            ? Catalog.Overflow(SeriesKind.Histogram, "s", "h")
            : Catalog.GetOrAdd(SeriesKind.Histogram, "s", Labels.Of(("__name__", "h")), out _);
        Cells = new LaneCells(Catalog, 0, 1, Intake);
    }

    public SeriesCatalog Catalog { get; }

    public ActiveSeries Series { get; }

    public IntakeTally Intake { get; } = new();

    public LaneCells Cells { get; }

    /// <summary>A running total of explicit buckets.</summary>
    public void Total(double start, double time, HistogramLayout layout, params long[] counts) =>
        Send(Sample(start, time, layout) with { Count = counts.Sum(), Sum = SumOf(counts) }, counts, []);

    /// <summary>What was added in explicit buckets.</summary>
    public void Increase(double start, double time, HistogramLayout layout, params long[] counts) =>
        Send(Sample(start, time, layout) with { IsIncrease = true, Count = counts.Sum(), Sum = SumOf(counts) }, counts, []);

    public void Stale(double time) => Send(Sample(0, time, null) with { IsStale = true }, [], []);

    public void Send(HistogramSample sample, long[] positive, long[] negative)
    {
        var batch = new SampleBatch();
        Add(batch, sample, positive, negative);
        Cells.Apply(batch);
    }

    public static void Add(SampleBatch batch, HistogramSample sample, long[] positive, long[] negative)
    {
        long[] buckets = [.. positive, .. negative];
        buckets.CopyTo(batch.AddBuckets(buckets.Length, out var at));
        batch.Add(sample with { BucketsAt = at, PositiveLength = positive.Length, NegativeLength = negative.Length });
    }

    public HistogramSample Sample(double start, double time, HistogramLayout? layout) => new()
    {
        Slot = Series.Slot,
        Start = new UnixNanos(start == 0 ? 0 : At(start)),
        Time = new UnixNanos(At(time)),
        Layout = layout,
        Sum = double.NaN,
        Min = double.NaN,
        Max = double.NaN,
    };

    public CellTotals Read()
    {
        var totals = new CellTotals();
        Cells.Visit(All, 0, totals);
        return totals;
    }

    /// <summary>The counts of one layout, over all slices.</summary>
    public HistogramCounts Counts(HistogramLayout layout)
    {
        var sum = new HistogramCounts();
        sum.Reset(layout);
        foreach (var (_, cell) in Read().Histograms.Where(h => h.Key.Layout == Counted.Name(layout)))
        {
            sum.Add(cell.Increase);
        }

        return sum;
    }

    /// <summary>The explicit or positive buckets of one layout, over all slices, from the first on.</summary>
    public long[] Buckets(HistogramLayout layout) => [.. Enumerable.Range(0, 5).Select(i => Counts(layout).Positive[i])];

    /// <summary>How often something was remarked.</summary>
    public long this[RejectReason reason] => Intake[TelemetrySignal.Metrics, reason];

    public static long At(double seconds) => Begin + (long)(seconds * Second);

    /// <summary>A sum to tell counts apart: each bucket's events have its number as their value.</summary>
    public static double SumOf(long[] counts) => counts.Select((c, i) => (double)c * i).Sum();
}
