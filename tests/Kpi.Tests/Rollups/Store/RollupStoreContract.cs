using Kpi.Rollups.Cells;
using Kpi.Rollups.Coverage;
using Kpi.Rollups.Identity;
using Kpi.Rollups.Store;
using Kpi.Rollups.Time;
using Kpi.Tests.Rollups.Cells;
using Kpi.Tests.Rollups.Reading;

namespace Kpi.Tests.Rollups.Store;

/// <summary>What every store promises; an implementation runs it whole by deriving from it.</summary>
public abstract class RollupStoreContract : IAsyncLifetime
{
    internal static readonly SliceRange All = new(new Slice(0), new Slice(int.MaxValue));

    private static readonly Guid Writer = new("7f5e2c6a-0d53-4b2e-9a1f-3f0a51c0de01");
    internal const int Days = 8_640;

    internal static readonly Slice Here = new(179_500_000);
    private static readonly Slice Some = Here;

    private IRollupStore store = null!;

    internal IRollupStore Store => store;

    /// <summary>Opens the store; again on the same contents after it was closed.</summary>
    protected abstract IRollupStore Open(RollupLimits limits);

    public Task InitializeAsync()
    {
        store = Open(new RollupLimits());
        return Task.CompletedTask;
    }

    public async Task DisposeAsync() => await store.DisposeAsync();

    [Fact]
    public async Task A_new_store_knows_nothing()
    {
        await using var snapshot = await store.OpenSnapshotAsync(CancellationToken.None);
        Assert.Equal(default, await snapshot.LastFlushAsync(Writer, CancellationToken.None));
        Assert.Equal("", await DescribeAsync());
    }

    [Fact]
    public async Task A_commit_comes_back_whole()
    {
        Assert.Equal(CommitOutcome.Applied, await store.CommitAsync(CommitOf(1, 4_711, [D("a", Some, 5, 6)], [C("b", Some, 3)]), CancellationToken.None));
        await using var snapshot = await store.OpenSnapshotAsync(CancellationToken.None);
        Assert.Equal(new FlushMark(1, 4_711), await snapshot.LastFlushAsync(Writer, CancellationToken.None));
        Assert.Equal(Expected([D("a", Some, 5, 6)], [C("b", Some, 3)]), await DescribeAsync());
    }

    [Fact]
    public async Task The_same_flush_again_or_an_earlier_one_changes_nothing()
    {
        await store.CommitAsync(CommitOf(1, 10, [D("a", Some, 5)], []), CancellationToken.None);
        await store.CommitAsync(CommitOf(2, 20, [D("a", Some, 7)], []), CancellationToken.None);
        var before = await DescribeAsync();
        Assert.Equal(CommitOutcome.AlreadyCommitted, await store.CommitAsync(CommitOf(2, 20, [D("a", Some, 7)], []), CancellationToken.None));
        Assert.Equal(CommitOutcome.AlreadyCommitted, await store.CommitAsync(CommitOf(1, 99, [D("z", Some, 7)], [C("y", Some, 1)]), CancellationToken.None));
        Assert.Equal(before, await DescribeAsync());
        await using var snapshot = await store.OpenSnapshotAsync(CancellationToken.None);
        Assert.Equal(new FlushMark(2, 20), await snapshot.LastFlushAsync(Writer, CancellationToken.None));
    }

    [Fact]
    public async Task A_commit_that_fails_on_the_way_leaves_nothing()
    {
        await store.CommitAsync(CommitOf(1, 10, [D("a", Some, 5)], []), CancellationToken.None);
        var before = await DescribeAsync();
        var broken = new FlushCommit(Writer, new FlushMark(2, 20), [D("b", Some, 6), new DistributionIncrement(Named("c"), Some, null!)], [C("d", Some, 1)]);
        await Assert.ThrowsAnyAsync<Exception>(async () => await store.CommitAsync(broken, CancellationToken.None));
        Assert.Equal(before, await DescribeAsync());
        Assert.Equal(CommitOutcome.Applied, await store.CommitAsync(CommitOf(2, 20, [D("b", Some, 6), D("c", Some, 7)], [C("d", Some, 1)]), CancellationToken.None));
        Assert.Equal(Expected([D("a", Some, 5), D("b", Some, 6), D("c", Some, 7)], [C("d", Some, 1)]), await DescribeAsync());
    }

    [Fact]
    public async Task Writers_count_their_flushes_apart_and_their_cells_add_up()
    {
        var other = Guid.NewGuid();
        await store.CommitAsync(CommitOf(5, 50, [D("a", Some, 5)], []), CancellationToken.None);
        Assert.Equal(
            CommitOutcome.Applied,
            await store.CommitAsync(CommitOf(1, 60, [D("a", Some, 6)], []) with { Writer = other }, CancellationToken.None));
        await using var snapshot = await store.OpenSnapshotAsync(CancellationToken.None);
        Assert.Equal(new FlushMark(5, 50), await snapshot.LastFlushAsync(Writer, CancellationToken.None));
        Assert.Equal(new FlushMark(1, 60), await snapshot.LastFlushAsync(other, CancellationToken.None));
        Assert.Equal(Expected([D("a", Some, 5), D("a", Some, 6)], []), await DescribeAsync());
    }

    [Fact]
    public async Task Masks_of_flushes_join_each_writers_own_apart_and_come_back_after_closing()
    {
        var shop = new SourceIdentity("shop", "", "", "a1");
        var other = shop with { Instance = "a2" };
        await CommitMasksAsync(1, new([Of(1, 3), Of(7, 7)], [Of(2, 2)], [new(shop, Of(1, 1)), new(shop, Of(4, 4)), new(other, Of(9, 9))], 3));
        await CommitMasksAsync(2, new([Of(4, 6), Of(20, 22)], [], [new(shop, Of(20, 20)), new(other, Of(5, 5)), new(other, Of(7, 7))], 3));
        await CommitMasksAsync(2, new([Of(30, 30)], [Of(30, 30)], [new(shop, Of(30, 30))], 3));
        var foreign = new CoverageIncrement([Of(50, 50)], [], [], 3);
        await store.CommitAsync(CommitOf(1, 0, [], []) with { Writer = Guid.NewGuid(), Coverage = foreign }, CancellationToken.None);

        await store.DisposeAsync();
        store = Open(new RollupLimits());
        await using var snapshot = await store.OpenSnapshotAsync(CancellationToken.None);
        var read = await snapshot.CoverageAsync(Writer, CancellationToken.None);
        Assert.Equal([Of(1, 7), Of(20, 22)], read.Up);
        Assert.Equal([Of(2, 2)], read.Missed);
        Assert.Equal([new(shop, Of(1, 4)), new(shop, Of(20, 20)), new(other, Of(5, 9))], read.Heard);

        ValueTask<CommitOutcome> CommitMasksAsync(long flush, CoverageIncrement masks) =>
            store.CommitAsync(CommitOf(flush, 0, [], []) with { Coverage = masks }, CancellationToken.None);

        static SliceRange Of(int first, int last) => new(Some.Plus(first), Some.Plus(last));
    }

    [Fact]
    public async Task A_snapshot_stays_as_it_was()
    {
        await store.CommitAsync(CommitOf(1, 10, [D("a", Some, 5)], []), CancellationToken.None);
        await using var snapshot = await store.OpenSnapshotAsync(CancellationToken.None);
        await store.CommitAsync(CommitOf(2, 20, [D("a", Some, 6), D("b", Some, 7)], [C("c", Some, 1)]), CancellationToken.None);
        Assert.Equal(Expected([D("a", Some, 5)], []), await DescribeAsync(snapshot));
        Assert.Equal(new FlushMark(1, 10), await snapshot.LastFlushAsync(Writer, CancellationToken.None));
        Assert.Equal(Expected([D("a", Some, 5)], []), await DescribeAsync(snapshot));
    }

    [Fact]
    public async Task Only_the_slices_of_the_range_are_shown_and_only_what_is_wanted()
    {
        await store.CommitAsync(
            CommitOf(1, 0, [.. Enumerable.Range(-3, 7).Select(i => D("a", Some.Plus(i), i + 10))], [.. Enumerable.Range(-3, 7).Select(i => C("b", Some.Plus(i), i + 10))]),
            CancellationToken.None);
        var totals = new CellTotals(s => s.Name == "a");
        await using var snapshot = await store.OpenSnapshotAsync(CancellationToken.None);
        await snapshot.ReadAsync(new CellQuery(new SliceRange(Some.Plus(-1), Some.Plus(2)), TimeTier.Slices), totals, CancellationToken.None);
        Assert.Equal(Enumerable.Range(-1, 4).Select(i => Some.Plus(i).Number), totals.Distributions.Keys.Select(k => k.Slice).Order());
        Assert.Empty(totals.Counters);
        var nothing = new CellTotals();
        await snapshot.ReadAsync(new CellQuery(new SliceRange(Some.Plus(2), Some.Plus(1)), TimeTier.Slices), nothing, CancellationToken.None);
        Assert.Equal(0, nothing.Visits);
    }

    [Fact]
    public async Task Increments_of_a_series_and_slice_add_up_over_commits_and_within_one()
    {
        var random = new Random(20261107);
        var distributions = new List<DistributionIncrement>();
        var counters = new List<CounterIncrement>();
        for (var flush = 1; flush <= 12; flush++)
        {
            DistributionIncrement[] now = [.. Enumerable.Range(0, 200).Select(_ =>
                D($"s{random.Next(100):d2}", Some.Plus(random.Next(3)), random.Next(4)) with { Cell = RandomCell(random) })];
            CounterIncrement[] counted = [.. Enumerable.Range(0, 30).Select(i => C($"c{i:d2}", Some.Plus(random.Next(3)), random.Next(100)))];
            await store.CommitAsync(CommitOf(flush, flush, now, counted), CancellationToken.None);
            distributions.AddRange(now);
            counters.AddRange(counted);
        }

        Assert.Equal(Expected(distributions, counters), await DescribeAsync());
    }

    [Fact]
    public async Task Series_come_back_with_their_kind_unit_and_labels_whatever_the_characters()
    {
        string[] odd =
        [
            "plain", " ", "\"quoted\\\"", "line\nline\r\t", "\0null\0", "\u2028\u2029\u0085", "é", "e\u0301", "日本語", "😀👩‍👩‍👧", "\ud83d\ude00\u200f", "\uffff\ufffe\u0001",
            "<script>&amp;'", "{}[]:,", new string('x', 10_000), "%s$1--';DROP TABLE series;",
        ];
        Series[] series =
        [
            .. odd.Select(o => Series.Of(SeriesKind.Distribution, "s", Labels.Of(("__name__", "m"), ("v", o)))),
            .. odd.Select(o => Series.Of(SeriesKind.Distribution, "By", Labels.Of(("__name__", "m"), (o, "v")))),
            .. odd.Where(o => o.Length < 100 && !o.Contains('\0')).Select((o, i) => Series.Of(SeriesKind.Distribution, o, Labels.Of(("unit", $"{i}")))),
            Series.Of(SeriesKind.Distribution, "", Labels.Of()),
        ];
        await store.CommitAsync(CommitOf(1, 0, [.. series.Select(s => new DistributionIncrement(s, Some, Observation.Cell(EdgeSet.None, [new(5)])))], []), CancellationToken.None);
        await ReopenAsync();
        var totals = await ReadAsync();
        Assert.Equal(series.Length, totals.Series.Count);
        foreach (var expected in series)
        {
            var read = totals.Series[expected.Labels.ToString()];
            Assert.Equal((expected.Id, expected.Kind, expected.Unit, expected.Labels), (read.Id, read.Kind, read.Unit, read.Labels));
        }
    }

    [Fact]
    public async Task Distributions_come_back_with_edges_zeros_valueless_and_huge_values()
    {
        var sixtyFour = EdgeSet.Of(Enumerable.Range(1, 64).Select(i => i / 7.0));
        (EdgeSet Edges, Observation[] Seen)[] cells =
        [
            (EdgeSet.None, []),
            (EdgeSet.None, [new(-1, 7)]),
            (EdgeSet.Of([0.1]), [new(0, 3)]),
            (EdgeSet.Of([0.1, 1.0 / 3, double.Epsilon, double.MaxValue]), [new(1), new(100_000_000), new(long.MaxValue, uint.MaxValue)]),
            (sixtyFour, [.. Enumerable.Range(0, 63).Select(i => new Observation(1L << i, 1 + (uint)i))]),
        ];
        await store.CommitAsync(
            CommitOf(1, 0, [.. cells.Select((c, i) => new DistributionIncrement(Named($"s{i}"), Some, Observation.Cell(c.Edges, c.Seen)))], []),
            CancellationToken.None);
        await ReopenAsync();
        var totals = await ReadAsync();
        for (var i = 0; i < cells.Length; i++)
        {
            var read = totals.Distributions[(Named($"s{i}").Labels.ToString(), Some.Number)];
            Assert.Equal(Observation.Describe(Observation.Sum(cells[i])), Observation.Describe(read));
            foreach (var edge in cells[i].Edges.Edges)
            {
                var (low, high) = read.CountAtMost(edge);
                Assert.Equal(low, high);
            }
        }
    }

    [Fact]
    public async Task Counters_come_back_to_the_last_bit()
    {
        CounterCell[] cells =
        [
            new(new FixedSum(Int128.MaxValue), long.MaxValue, 1, 10_000_000_000, double.MaxValue, false),
            new(new FixedSum(-5_000_000_000), 1, 0, 0, double.NaN, true),
            new(FixedSum.Zero, 2, 3, 4, -0.0, false),
            new(new FixedSum(1), 0, 0, 0, 0, false),
            new(FixedSum.From(0.1), 3, 1, 2, double.PositiveInfinity, true),
        ];
        await store.CommitAsync(CommitOf(1, 0, [], [.. cells.Select((c, i) => new CounterIncrement(Named($"c{i}"), Some, c))]), CancellationToken.None);
        await ReopenAsync();
        var totals = await ReadAsync();
        for (var i = 0; i < cells.Length; i++)
        {
            var read = totals.Counters[(Named($"c{i}").Labels.ToString(), Some.Number)];
            Assert.Equal(cells[i], read);
            Assert.Equal(BitConverter.DoubleToInt64Bits(cells[i].LastRaw), BitConverter.DoubleToInt64Bits(read.LastRaw));
        }
    }

    [Fact]
    public async Task What_is_beyond_all_retention_is_dropped_and_later_refused()
    {
        await ReopenAsync(new RollupLimits { SliceRetention = TimeSpan.FromHours(1), MinuteRetention = TimeSpan.FromHours(1), Retention = TimeSpan.FromDays(1) });
        DistributionIncrement[] young = [.. Enumerable.Range(-5, 5).Select(i => D($"s{i + 5}", Some.Plus(i), 5))];
        await store.CommitAsync(
            CommitOf(1, 0, [D("old", Some.Plus(-100 * Days), 5), .. young], [C("older", Some.Plus(-100 * Days), 3), C("c", Some, 5)]), CancellationToken.None);
        await using (var before = await store.OpenSnapshotAsync(CancellationToken.None))
        {
            await MaintainAsync(Some);
            Assert.Contains("old", await DescribeAsync(before));
            await using var after = await store.OpenSnapshotAsync(CancellationToken.None);
            Assert.NotEqual(await before.DropsAsync(CancellationToken.None), await after.DropsAsync(CancellationToken.None));
        }

        Assert.Equal(Expected(young, [C("c", Some, 5)]), await DescribeAsync());
        await store.CommitAsync(CommitOf(2, 0, [D("late", Some.Plus(-100 * Days), 5)], [C("later", Some.Plus(-100 * Days), 2)]), CancellationToken.None);
        Assert.Equal((Expected(young, [C("c", Some, 5)]), 2), (await DescribeAsync(), store.Figures.Refused));
        await ReopenAsync();
        Assert.Equal(Expected(young, [C("c", Some, 5)]), await DescribeAsync());
    }

    [Fact]
    public async Task A_read_under_way_keeps_what_is_dropped_and_confuses_no_later_one()
    {
        var later = Some.Plus(600 * Days);
        await store.CommitAsync(CommitOf(1, 0, [D("old", Some, 5)], [C("older", Some, 1)]), CancellationToken.None);
        await using (var snapshot = await store.OpenSnapshotAsync(CancellationToken.None))
        {
            await MaintainAsync(later);
            Assert.Equal(Expected([D("old", Some, 5)], [C("older", Some, 1)]), await DescribeAsync(snapshot));
            await store.CommitAsync(CommitOf(2, 0, [D("new", later, 6)], [C("newer", later, 2)]), CancellationToken.None);
            Assert.Equal(Expected([D("new", later, 6)], [C("newer", later, 2)]), await DescribeAsync());
            Assert.Equal(Expected([D("old", Some, 5)], [C("older", Some, 1)]), await DescribeAsync(snapshot));
        }

        await store.CommitAsync(CommitOf(3, 0, [D("old", later, 7)], []), CancellationToken.None);
        Assert.Equal(Expected([D("new", later, 6), D("old", later, 7)], [C("newer", later, 2)]), await DescribeAsync());
    }

    [Fact]
    public async Task Chosen_series_are_read_alone_and_all_can_be_found()
    {
        DistributionIncrement[] cells = [.. Enumerable.Range(0, 300).Select(i => D($"d{i:d3}", Some.Plus(i % 4), i))];
        CounterIncrement[] counters = [.. Enumerable.Range(0, 3_000).Select(i => C($"c{i:d4}", Some.Plus(i % 4), i))];
        await store.CommitAsync(CommitOf(1, 0, cells, counters), CancellationToken.None);
        await using var snapshot = await store.OpenSnapshotAsync(CancellationToken.None);
        foreach (var every in (int[])[2_999, 70, 1])
        {
            var only = cells.Where((_, i) => i % every == 0).Select(c => c.Series).Concat(counters.Where((_, i) => i % every == 0).Select(c => c.Series)).ToHashSet();
            var totals = new CellTotals();
            await snapshot.ReadAsync(new CellQuery(All, TimeTier.Slices, [.. only, Named("unknown")]), totals, CancellationToken.None);
            Assert.Equal(Expected(cells.Where(c => only.Contains(c.Series)), counters.Where(c => only.Contains(c.Series))), totals.Describe());
        }

        Assert.Equal(3_300, (await snapshot.FindSeriesAsync(_ => true, CancellationToken.None)).Count);
        Assert.Equal([cells[7].Series], await snapshot.FindSeriesAsync(s => s.Name == "d007", CancellationToken.None));
    }

    [Fact]
    public async Task Closing_and_opening_keeps_everything()
    {
        await store.CommitAsync(CommitOf(1, 10, [D("a", Some, 5)], [C("b", Some, 1)]), CancellationToken.None);
        var before = await DescribeAsync();
        await ReopenAsync();
        Assert.Equal(before, await DescribeAsync());
        Assert.Equal(CommitOutcome.AlreadyCommitted, await store.CommitAsync(CommitOf(1, 10, [D("a", Some, 5)], []), CancellationToken.None));
        Assert.Equal(CommitOutcome.Applied, await store.CommitAsync(CommitOf(2, 11, [D("a", Some, 6)], [C("b", Some, 2)]), CancellationToken.None));
        Assert.Equal(Expected([D("a", Some, 5), D("a", Some, 6)], [C("b", Some, 1), C("b", Some, 2)]), await DescribeAsync());
    }

    [Fact]
    public async Task Ten_thousand_series_fit_into_a_commit()
    {
        DistributionIncrement[] cells = [.. Enumerable.Range(0, 10_000).Select(i => D($"s{i:d5}", Some.Plus(i % 3), i))];
        CounterIncrement[] counters = [.. Enumerable.Range(0, 10_000).Select(i => C($"c{i:d5}", Some.Plus(i % 2), i))];
        await store.CommitAsync(CommitOf(1, 0, cells, counters), CancellationToken.None);
        var totals = await ReadAsync();
        Assert.Equal((10_000, 10_000, 20_000), (totals.Distributions.Count, totals.Counters.Count, totals.Series.Count));
        Assert.All(cells, c => Assert.Equal(c.Cell.Sum, totals.Distributions[(c.Series.Labels.ToString(), c.Slice.Number)].Sum));
        Assert.All(counters, c => Assert.Equal(c.Cell, totals.Counters[(c.Series.Labels.ToString(), c.Slice.Number)]));
    }

    [Fact]
    public async Task An_empty_commit_is_remembered()
    {
        Assert.Equal(CommitOutcome.Applied, await store.CommitAsync(CommitOf(1, 77, [], []), CancellationToken.None));
        await ReopenAsync();
        await using var snapshot = await store.OpenSnapshotAsync(CancellationToken.None);
        Assert.Equal(new FlushMark(1, 77), await snapshot.LastFlushAsync(Writer, CancellationToken.None));
        Assert.Equal("", await DescribeAsync());
    }

    [Fact]
    public async Task Reads_beside_commits_see_whole_commits()
    {
        const int Commits = 60;
        var committing = Task.Run(async () =>
        {
            for (var flush = 1; flush <= Commits; flush++)
            {
                await store.CommitAsync(
                    CommitOf(flush, flush, [.. Enumerable.Range(0, 150).Select(i => D($"s{i:d3}", Some.Plus(i % 2), 5))], [C("c", Some, 1)]),
                    CancellationToken.None);
            }
        });
        long seen;
        do
        {
            await using var snapshot = await store.OpenSnapshotAsync(CancellationToken.None);
            seen = (await snapshot.LastFlushAsync(Writer, CancellationToken.None)).Number;
            var totals = new CellTotals();
            await snapshot.ReadAsync(new CellQuery(All, TimeTier.Slices), totals, CancellationToken.None);
            Assert.Equal(seen * 150, totals.Distributions.Values.Sum(d => d.Count));
            Assert.Equal(seen, totals.Counters.Values.Sum(c => (long)c.Increase.ToDouble()));
        }
        while (seen < Commits && !committing.IsFaulted);
        await committing;
    }

    /// <summary>A distribution increment of one observation.</summary>
    internal static DistributionIncrement D(string name, Slice slice, params long[] millis) =>
        new(Named(name), slice, Observation.Cell(EdgeSet.Of([0.005]), [.. millis.Select(m => new Observation(m * 1_000_000))]));

    internal static CounterIncrement C(string name, Slice slice, int increase) =>
        new(Named(name, SeriesKind.Counter), slice, new CounterCell(FixedSum.From(increase), 1, increase, increase, increase, false));

    internal static FlushCommit CommitOf(long number, long position, IReadOnlyList<DistributionIncrement> distributions, IReadOnlyList<CounterIncrement> counters) =>
        new(Writer, new FlushMark(number, position), distributions, counters);

    /// <summary>What a read of these increments must add up to.</summary>
    internal static string Expected(IEnumerable<DistributionIncrement> distributions, IEnumerable<CounterIncrement> counters)
    {
        var totals = new CellTotals();
        foreach (var (series, slice, cell) in distributions)
        {
            totals.Visit(series, slice, cell);
        }

        foreach (var (series, slice, cell) in counters)
        {
            totals.Visit(series, slice, cell);
        }

        return totals.Describe();
    }

    internal static async Task<string> DescribeAsync(IRollupSnapshot snapshot)
    {
        var totals = new CellTotals();
        await snapshot.ReadAsync(new CellQuery(All, TimeTier.Slices), totals, CancellationToken.None);
        return totals.Describe();
    }

    internal static Series Named(string name, SeriesKind kind = SeriesKind.Distribution) => Series.Of(kind, "s", Labels.Of((LabelNames.MetricName, name)));

    private static DistributionCell RandomCell(Random random) => Observation.Cell(
        Observation.EdgeSets[random.Next(Observation.EdgeSets.Length)],
        [.. Enumerable.Range(0, random.Next(5)).Select(_ => new Observation(random.Next(4) == 0 ? random.Next(-1, 1) : random.NextInt64(1L << random.Next(1, 40)), 1 + (uint)random.Next(3)))]);

    internal async Task<string> DescribeAsync() => (await ReadAsync()).Describe();

    internal async Task<CellTotals> ReadAsync()
    {
        var totals = new CellTotals();
        await using var snapshot = await store.OpenSnapshotAsync(CancellationToken.None);
        await snapshot.ReadAsync(new CellQuery(All, TimeTier.Slices), totals, CancellationToken.None);
        return totals;
    }

    internal async Task ReopenAsync(RollupLimits? limits = null)
    {
        await store.DisposeAsync();
        store = Open(limits ?? new RollupLimits());
    }

    internal async Task MaintainAsync(Slice now)
    {
        while (await store.MaintainAsync(now, CancellationToken.None))
        {
        }
    }
}
