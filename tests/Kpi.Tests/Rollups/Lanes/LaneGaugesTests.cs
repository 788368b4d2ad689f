using Kpi.Rollups.Identity;
using Kpi.Rollups.Intake;
using Kpi.Rollups.Lanes;
using Kpi.Rollups.Time;
using Kpi.Tests.Rollups.Cells;
using Kpi.Tests.Rollups.Reading;

namespace Kpi.Tests.Rollups.Lanes;

public sealed class LaneGaugesTests
{
    private const long Begin = 1_790_000_000_000_000_000;
    private const int Series = 20;

    private static readonly SliceRange All = new(new Slice(0), new Slice(int.MaxValue));

    private readonly SeriesCatalog catalog = new(new RollupLimits());
    private readonly LaneCells cells;

    public LaneGaugesTests()
    {
        cells = new LaneCells(catalog, 0, 1, new IntakeTally());
        for (var i = 0; i < Series; i++)
        {
            catalog.GetOrAdd(SeriesKind.Gauge, "1", Labels.Of(("i", $"{i:d2}")), out _);
        }
    }

    [Fact]
    public void Samples_in_any_order_give_the_cells_of_a_plain_list()
    {
        var random = new Random(20261122);
        GaugeSample[] samples = [.. Enumerable.Range(0, 2_000).Select(_ => new GaugeSample(
            random.Next(Series), new UnixNanos(Begin + random.NextInt64(60 * Slice.LengthNanos / 10)), random.Next(10) == 0 ? double.NaN : random.Next(-500, 500) / 4.0, random.Next(20) == 0))];
        var expected = Read(samples);
        var plain = samples.Where(s => !s.IsStale && !double.IsNaN(s.Value)).GroupBy(s => (s.Slot, Slice.Of(s.Time).Number)).ToArray();
        foreach (var group in plain)
        {
            var cell = expected.Gauges[(catalog[group.Key.Slot].Identity.Labels.ToString(), group.Key.Number)];
            Assert.Equal((group.Count(), group.Sum(s => s.Value)), (cell.Count, cell.Sum.ToDouble()));
            Assert.Equal((group.Min(s => s.Value), group.Max(s => s.Value)), (cell.Min, cell.Max));
        }

        var shuffled = samples.ToArray();
        random.Shuffle(shuffled);
        Assert.Equal(expected.Describe(), Read(shuffled).Describe());
    }

    [Fact]
    public void An_instant_on_an_edge_belongs_to_the_slice_that_ends_there()
    {
        var edge = new Slice(179_000_000).End;
        var read = Read([new GaugeSample(0, edge, 1, false), new GaugeSample(0, new UnixNanos(edge.Value + 1), 2, false)]);
        Assert.Equal((Slice.LengthNanos, 1.0), (read.Gauges[("{i=\"00\"}", 179_000_000)].LastOffset, read.Gauges[("{i=\"00\"}", 179_000_000)].Last));
        Assert.Equal((1, 2.0), (read.Gauges[("{i=\"00\"}", 179_000_001)].LastOffset, read.Gauges[("{i=\"00\"}", 179_000_001)].Last));
    }

    [Fact]
    public void Gauges_take_memory_until_they_are_committed()
    {
        var batch = new SampleBatch();
        for (var i = 0; i < 1_000; i++)
        {
            batch.Add(new GaugeSample(i % Series, new Slice(1_000 + (i / Series)).End, i, false));
        }

        cells.Apply(batch);
        cells.Apply(batch);
        Assert.InRange(cells.UncommittedBytes, 1_000 * 80, 1_000 * 200);
        Assert.Equal(1_000, cells.Drain(1).Gauges.Count);
        cells.Discard(1);
        Assert.Equal(0, cells.UncommittedBytes);
    }

    [Fact]
    public void Points_of_known_series_allocate_nothing()
    {
        var batch = new SampleBatch();
        var histogram = catalog.GetOrAdd(SeriesKind.Histogram, "s", Labels.Of(("h", "1")), out _).Slot;
        var counts = new long[15];
        Fill(1);
        var allocated = long.MaxValue;
        for (var run = 0; run < 5; run++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            Fill(10_000);
            allocated = Math.Min(allocated, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.Equal(0, allocated);

        // One second after the other, within the two slices that the first round opened.
        void Fill(int rounds)
        {
            for (var round = 0; round < rounds; round++)
            {
                batch.Clear();
                for (var i = 0; i < 10; i++)
                {
                    counts[i]++;
                    var time = new UnixNanos(Begin + (i < 5 ? 1 : Slice.LengthNanos) + (clock += 10));
                    batch.Add(new GaugeSample(i, time, i, false));
                    counts.CopyTo(batch.AddBuckets(counts.Length, out var at));
                    batch.Add(new HistogramSample
                    {
                        Slot = histogram,
                        Start = new UnixNanos(Begin),
                        Time = new UnixNanos(Begin + clock),
                        Layout = Counted.Usual,
                        Count = counts.Sum(),
                        Sum = counts[0],
                        BucketsAt = at,
                        PositiveLength = counts.Length,
                    });
                }

                cells.Apply(batch);
            }
        }
    }

    private long clock;

    private CellTotals Read(GaugeSample[] samples)
    {
        var batch = new SampleBatch();
        Array.ForEach(samples, s => batch.Add(s));
        cells.Apply(batch);
        var totals = new CellTotals();
        cells.Visit(All, 0, totals);
        cells.Drain(1);
        cells.Discard(1);
        return totals;
    }
}
