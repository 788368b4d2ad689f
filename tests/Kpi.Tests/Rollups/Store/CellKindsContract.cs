using Kpi.Rollups.Cells;
using Kpi.Rollups.Identity;
using Kpi.Rollups.Store;
using Kpi.Rollups.Time;
using Kpi.Tests.Rollups.Cells;
using Kpi.Tests.Rollups.Reading;

namespace Kpi.Tests.Rollups.Store;

/// <summary>The promises of a store for gauges and histograms.</summary>
public abstract class CellKindsContract : RollupStoreContract
{
    private static readonly HistogramLayout Cut = HistogramLayout.Of([1, 2]);

    [Fact]
    public async Task Gauges_come_back_to_the_last_bit()
    {
        GaugeCell[] cells =
        [
            GaugeCell.Of(-0.0, 1), GaugeCell.Of(double.NaN, 2), GaugeCell.End(Slice.LengthNanos), GaugeCell.Of(double.PositiveInfinity, 3), GaugeCell.Of(double.MaxValue, 4),
            GaugeCell.Of(1, 4) + GaugeCell.Of(0.1, 3) + GaugeCell.Of(-7, 9), GaugeCell.Of(1, 4) + GaugeCell.End(5), GaugeCell.Of(double.NegativeInfinity, 5) + GaugeCell.Of(1, 6),
        ];
        await CommitAsync(1, [.. cells.Select((c, i) => new GaugeIncrement(Named($"g{i}", SeriesKind.Gauge), Here, c))], []);
        await ReopenAsync();
        var totals = await ReadAsync();
        for (var i = 0; i < cells.Length; i++)
        {
            var read = totals.Gauges[(Named($"g{i}").Labels.ToString(), Here.Number)];
            Assert.Equal(cells[i], read);
            Assert.Equal(BitConverter.DoubleToInt64Bits(cells[i].Last), BitConverter.DoubleToInt64Bits(read.Last));
        }
    }

    [Fact]
    public async Task Histograms_come_back_in_their_own_buckets_with_their_totals()
    {
        HistogramIncrement[] cells = [.. Counted.Layouts.Distinct().Select((layout, i) => H($"h{i / 3}", Here, layout, i, 0.3, 1, 7))];
        await CommitAsync(1, [], cells);
        await ReopenAsync();
        var totals = await ReadAsync();
        Assert.Equal(cells.Length, totals.Histograms.Count);
        foreach (var (series, slice, cell) in cells)
        {
            var read = totals.Histograms[(series.Labels.ToString(), slice.Number, Counted.Name(cell.Increase.Layout))];
            Assert.Equal(Counted.Describe(cell), Counted.Describe(read));
            Assert.Equal(Counted.DescribeTotals(cell), Counted.DescribeTotals(read));
        }
    }

    [Fact]
    public async Task Increments_of_a_series_slice_and_layout_add_up_over_commits()
    {
        var random = new Random(20261122);
        var expected = new CellTotals();
        for (var flush = 1; flush <= 12; flush++)
        {
            GaugeIncrement[] gauges = [.. Enumerable.Range(0, 40).Select(i => G($"g{i:d2}", Here.Plus(random.Next(3)), random.Next(1, 1_000), random.Next(100)))];
            HistogramIncrement[] histograms = [.. Enumerable.Range(0, 100).Select(i => H($"h{i:d3}", Here.Plus(random.Next(3)), Counted.Layouts[random.Next(3)], random.Next(1, 100), random.Next(100)))];
            await CommitAsync(flush, gauges, histograms);
            Add(expected, gauges, histograms);
        }

        Assert.Equal(expected.Describe(), await DescribeAsync());
        await ReopenAsync();
        Assert.Equal(expected.Describe(), await DescribeAsync());
    }

    [Fact]
    public async Task A_commit_of_them_that_fails_on_the_way_or_comes_again_leaves_nothing()
    {
        await CommitAsync(1, [G("g", Here, 1, 5)], [H("h", Here, Cut, 1, 1)]);
        var before = await DescribeAsync();
        await Assert.ThrowsAnyAsync<Exception>(() => CommitAsync(2, [G("g", Here, 1, 6)], [H("h", Here, Cut, 1, 1), new HistogramIncrement(Named("x", SeriesKind.Histogram), Here, null!)]));
        Assert.Equal(CommitOutcome.AlreadyCommitted, await CommitAsync(1, [G("g", Here, 1, 7)], [H("h", Here, Cut, 1, 1)]));
        Assert.Equal(before, await DescribeAsync());
    }

    [Fact]
    public async Task Series_of_all_kinds_and_of_one_name_lie_apart_and_can_be_chosen()
    {
        await Store.CommitAsync(
            CommitOf(1, 0, [D("same", Here, 5)], [C("same", Here, 3)]) with { Gauges = [G("same", Here, 1, 7)], Histograms = [H("same", Here, Cut, 1, 1)] }, CancellationToken.None);
        await using var snapshot = await Store.OpenSnapshotAsync(CancellationToken.None);
        Assert.Equal(4, (await snapshot.FindSeriesAsync(_ => true, CancellationToken.None)).Count);
        foreach (var kind in Enum.GetValues<SeriesKind>())
        {
            var totals = new CellTotals();
            await snapshot.ReadAsync(new CellQuery(All, TimeTier.Slices, [Named("same", kind)]), totals, CancellationToken.None);
            Assert.Equal(
                (kind == SeriesKind.Distribution, kind == SeriesKind.Counter, kind == SeriesKind.Gauge, kind == SeriesKind.Histogram),
                (totals.Distributions.Count == 1, totals.Counters.Count == 1, totals.Gauges.Count == 1, totals.Histograms.Count == 1));
            Assert.Equal(1, totals.Visits);
        }
    }

    [Fact]
    public async Task What_is_beyond_all_retention_of_them_is_dropped_and_later_refused()
    {
        await ReopenAsync(new RollupLimits { SliceRetention = TimeSpan.FromHours(1), MinuteRetention = TimeSpan.FromHours(1), Retention = TimeSpan.FromDays(1) });
        var old = Here.Plus(-100 * Days);
        await CommitAsync(1, [G("old", old, 1, 5), G("g", Here, 1, 5)], [H("older", old, Cut, 1, 1), H("h", Here, Cut, 1, 1)]);
        await MaintainAsync(Here);
        var expected = new CellTotals();
        Add(expected, [G("g", Here, 1, 5)], [H("h", Here, Cut, 1, 1)]);
        Assert.Equal(expected.Describe(), await DescribeAsync());
        await CommitAsync(2, [G("late", old, 1, 5)], [H("later", old, Cut, 1, 1)]);
        Assert.Equal((expected.Describe(), 2), (await DescribeAsync(), Store.Figures.Refused));
    }

    [Fact]
    public async Task Upkeep_changes_nothing_and_keeps_the_newest_totals()
    {
        var expected = new CellTotals();
        for (var flush = 1; flush <= 400; flush += 3)
        {
            GaugeIncrement[] gauges = [G("g", Here.Plus(flush), flush, flush)];
            HistogramIncrement[] histograms = [H("h", Here.Plus(flush), flush % 2 == 0 ? Cut : Counted.Usual, flush, 1, flush)];
            await CommitAsync(flush, gauges, histograms);
            Add(expected, gauges, histograms);
        }

        await MaintainAsync(Here.Plus(2 * Days));
        GaugeIncrement[] late = [G("g", Here.Plus(7), 1, 1_000)];
        HistogramIncrement[] alsoLate = [H("h", Here.Plus(7), Cut, 1, 5), H("h", Here.Plus(8), Cut, 1, 5)];
        await CommitAsync(1_000, late, alsoLate);
        Add(expected, late, alsoLate);
        Assert.Equal(expected.Describe(), await DescribeAsync());
        await MaintainAsync(Here.Plus(2 * Days));
        Assert.Equal(expected.Describe(), await DescribeAsync());
        await ReopenAsync();
        var read = await ReadAsync();
        Assert.Equal(expected.Describe(), read.Describe());
        var newest = read.Histograms.Where(h => h.Value.HasTotals).MaxBy(h => h.Key.Slice);
        Assert.Equal(expected.Histograms[newest.Key].Totals.Count, newest.Value.Totals.Count);
        Assert.Equal(Here.Plus(400).Number, newest.Key.Slice);
    }

    private static GaugeIncrement G(string name, Slice slice, long offset, double value) => new(Named(name, SeriesKind.Gauge), slice, GaugeCell.Of(value, offset));

    private static HistogramIncrement H(string name, Slice slice, HistogramLayout layout, long offset, params double[] values)
    {
        var cell = Counted.Cell(layout, values, toldRange: offset % 2 == 0, offset);
        var totals = new HistogramCounts();
        totals.Reset(layout);
        Counted.Count(totals, values[0], slice.Number);
        cell.NoteTotals(totals, offset, offset);
        return new HistogramIncrement(Named(name, SeriesKind.Histogram), slice, cell);
    }

    private static void Add(CellTotals to, GaugeIncrement[] gauges, HistogramIncrement[] histograms)
    {
        Array.ForEach(gauges, g => to.Visit(g.Series, g.Slice, g.Cell));
        Array.ForEach(histograms, h => to.Visit(h.Series, h.Slice, h.Cell));
    }

    private async Task<CommitOutcome> CommitAsync(long number, IReadOnlyList<GaugeIncrement> gauges, IReadOnlyList<HistogramIncrement> histograms) =>
        await Store.CommitAsync(CommitOf(number, 0, [], []) with { Gauges = gauges, Histograms = histograms }, CancellationToken.None);
}
