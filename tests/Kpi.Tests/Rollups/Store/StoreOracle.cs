using Kpi.Rollups.Cells;
using Kpi.Rollups.Identity;
using Kpi.Rollups.Reading;
using Kpi.Rollups.Store;
using Kpi.Rollups.Time;
using Kpi.Tests.Rollups.Cells;

namespace Kpi.Tests.Rollups.Store;

/// <summary>
/// Remembers every increment that a store was given, and checks what it reads against their plain sum: fresh and late data, steps of
/// upkeep and reads in any order.
/// </summary>
internal sealed class StoreOracle(IRollupStore store, int seed)
{
    private static readonly Guid Writer = new("7f5e2c6a-0d53-4b2e-9a1f-3f0a51c0de02");
    private static readonly Series[] Distributions = [.. Enumerable.Range(0, 70).Select(i => Named($"d{i}", SeriesKind.Distribution))];
    private static readonly Series[] Counters = [.. Enumerable.Range(0, 40).Select(i => Named($"c{i}", SeriesKind.Counter))];

    private static readonly Series[] Gauges = [.. Enumerable.Range(0, 40).Select(i => Named($"g{i}", SeriesKind.Gauge))];
    private static readonly Series[] Histograms = [.. Enumerable.Range(0, 70).Select(i => Named($"h{i}", SeriesKind.Histogram))];

    private readonly Random random = new(seed);
    private readonly List<FlushCommit> commits = [];
    private int flush;

    public IRollupStore Store { get; set; } = store;

    /// <summary>The slice of the present.</summary>
    public Slice Now { get; set; }

    /// <summary>The slice before which nothing happened.</summary>
    public Slice Begin { get; init; }

    /// <summary>Commits increments of slices up to so many back from now.</summary>
    public async Task CommitAsync(int back)
    {
        DistributionIncrement[] d = [.. Enumerable.Range(0, random.Next(12)).Select(_ => new DistributionIncrement(
            Distributions[random.Next(Distributions.Length)], Some(back), AnyCell()))];
        CounterIncrement[] c = [.. Enumerable.Range(0, random.Next(30)).Select(_ => (Series: Counters[random.Next(Counters.Length)], Slice: Some(back)))
            .Distinct().Select(at => new CounterIncrement(at.Series, at.Slice, AnyCounter()))];
        GaugeIncrement[] g = [.. Enumerable.Range(0, random.Next(12)).Select(_ => (Series: Gauges[random.Next(Gauges.Length)], Slice: Some(back)))
            .Distinct().Select(at => new GaugeIncrement(at.Series, at.Slice, AnyGauge()))];
        HistogramIncrement[] h = [.. Enumerable.Range(0, random.Next(12)).Select(_ => new HistogramIncrement(Histograms[random.Next(Histograms.Length)], Some(back), AnyHistogram()))
            .DistinctBy(i => (i.Series, i.Slice, i.Cell.Increase.Layout))];
        var commit = new FlushCommit(Writer, new FlushMark(++flush, 0), d, c) { Gauges = g, Histograms = h };
        await Store.CommitAsync(commit, CancellationToken.None);
        commits.Add(commit);
    }

    /// <summary>Reads a range with a step and compares.</summary>
    public async Task CheckAsync(SliceRange range, TimeTier step, bool chosen)
    {
        await using var snapshot = await Store.OpenSnapshotAsync(CancellationToken.None);
        await CheckAsync(snapshot, range, step, chosen, commits.Count);
    }

    /// <summary>A view of now, to be compared with what is true now, whenever that is done.</summary>
    public async Task<Func<SliceRange, TimeTier, Task>> HoldAsync()
    {
        var snapshot = await Store.OpenSnapshotAsync(CancellationToken.None);
        var then = commits.Count;
        return async (range, step) =>
        {
            await CheckAsync(snapshot, range, step, chosen: false, then);
            await snapshot.DisposeAsync();
        };
    }

    private async Task CheckAsync(IRollupSnapshot snapshot, SliceRange range, TimeTier step, bool chosen, int then)
    {
        var only = chosen ? Distributions.Concat(Counters).Concat(Gauges).Concat(Histograms).Where(_ => random.Next(20) == 0).ToHashSet() : null;
        var expected = new Sums(range, TimeTier.Days);
        bool Asked(Series series, Slice slice) => range.Contains(slice) && only?.Contains(series) != false;
        foreach (var commit in commits.Take(then))
        {
            expected.Add(commit, Asked);
        }

        var read = random.Next(2) == 0 ? new Sums(range, step) : new IncreaseSums(range, step);
        await snapshot.ReadAsync(new CellQuery(range, step, only), read, CancellationToken.None);
        Assert.Equal(read.Describe(expected), read.Describe(read));
        if (step == TimeTier.Slices && range.Last.Number >= Now.Number && then == commits.Count)
        {
            // Earlier ones may be forgotten.
            Assert.Equal(expected.NewestTotals(), read.NewestTotals());
        }
    }

    private static Series Named(string name, SeriesKind kind) => Series.Of(kind, "s", Labels.Of((LabelNames.MetricName, name)));

    private Slice Some(int back) => Now.Plus(-Math.Min(random.Next(back + 1), Now.Number - Begin.Number));

    private DistributionCell AnyCell() => Observation.Cell(
        Observation.EdgeSets[random.Next(3)],
        [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => new Observation(random.NextInt64(-1, 1L << random.Next(1, 36)), (uint)random.Next(1, 4)))]);

    private CounterCell AnyCounter()
    {
        var first = random.NextInt64(Slice.LengthNanos);
        var raw = random.Next(3) switch { 0 => double.NaN, 1 => random.Next(1_000_000), _ => random.NextDouble() };
        return new CounterCell(new FixedSum(random.NextInt64(-5, 1L << random.Next(1, 62))), random.Next(1, 4), first, random.NextInt64(first, Slice.LengthNanos), raw, random.Next(9) == 0);
    }

    private GaugeCell AnyGauge() => Enumerable.Range(0, random.Next(1, 4)).Select(_ => random.NextInt64(1, Slice.LengthNanos + 1))
        .Select(offset => random.Next(9) == 0 ? GaugeCell.End(offset) : GaugeCell.Of(random.Next(9) == 0 ? double.NaN : random.Next(-9_999, 9_999) / 8.0, offset))
        .Aggregate((left, right) => left + right);

    private HistogramCell AnyHistogram()
    {
        var layout = Counted.Layouts[random.Next(Counted.Layouts.Length)];
        var cell = Counted.Cell(
            layout, [.. Enumerable.Range(0, random.Next(4)).Select(_ => random.Next(1 << random.Next(1, 20)) / 64.0)], random.Next(2) == 0, random.NextInt64(1, Slice.LengthNanos + 1));
        cell.Stale = random.Next(9) == 0;
        if (random.Next(2) == 0)
        {
            var totals = new HistogramCounts();
            totals.Reset(layout);
            Counted.Count(totals, random.Next(100), random.Next(1, 1_000));
            cell.NoteTotals(totals, random.NextInt64(1_000), cell.LastOffset);
        }

        return cell;
    }

    /// <summary>Adds up by series, with offsets as instants so that cells of any length compare.</summary>
    private class Sums(SliceRange range, TimeTier step) : ICellVisitor
    {
        private readonly SortedDictionary<string, Distribution> distributions = new(StringComparer.Ordinal);
        private readonly SortedDictionary<string, CounterCell> counters = new(StringComparer.Ordinal);
        private readonly SortedDictionary<string, GaugeCell> gauges = new(StringComparer.Ordinal);
        private readonly SortedDictionary<string, HistogramCell> histograms = new(StringComparer.Ordinal);
        private readonly SortedDictionary<string, (long Time, string Totals)> newest = new(StringComparer.Ordinal);

        /// <summary>Adds what a commit holds of what is asked for.</summary>
        public void Add(FlushCommit commit, Func<Series, Slice, bool> asked)
        {
            foreach (var i in commit.Distributions.Where(i => asked(i.Series, i.Slice)))
            {
                Visit(i.Series, i.Slice, i.Cell);
            }

            foreach (var i in commit.Counters.Where(i => asked(i.Series, i.Slice)))
            {
                Visit(i.Series, i.Slice, i.Cell);
            }

            foreach (var i in commit.Gauges.Where(i => asked(i.Series, i.Slice)))
            {
                Visit(i.Series, i.Slice, i.Cell);
            }

            foreach (var i in commit.Histograms.Where(i => asked(i.Series, i.Slice)))
            {
                Visit(i.Series, i.Slice, i.Cell);
            }
        }

        public bool Wants(Series series) => true;

        public void Visit(Series series, SliceRange span, DistributionCell cell)
        {
            Check(span);
            if (!distributions.TryGetValue(series.Name, out var sum))
            {
                distributions.Add(series.Name, sum = new Distribution());
            }

            sum.Add(cell);
        }

        public void Visit(Series series, SliceRange span, CounterCell cell)
        {
            Check(span);
            var start = span.From.Value;
            var moved = cell with { FirstOffset = cell.FirstOffset + start, LastOffset = cell.LastOffset + start };
            counters[series.Name] = counters.TryGetValue(series.Name, out var sum) ? sum + moved : moved;
        }

        public void Visit(Series series, SliceRange span, GaugeCell cell)
        {
            Check(span);
            var moved = cell with { LastOffset = cell.LastOffset + span.From.Value };
            gauges[series.Name] = gauges.TryGetValue(series.Name, out var sum) ? sum + moved : moved;
        }

        public void Visit(Series series, SliceRange span, HistogramCell cell)
        {
            Check(span);
            var key = $"{series.Name} {Counted.Name(cell.Increase.Layout)}";
            if (!histograms.TryGetValue(key, out var sum))
            {
                histograms.Add(key, sum = new HistogramCell());
                sum.Reset(cell.Increase.Layout);
            }

            sum.Add(cell, span.From.Value);
            var time = span.From.Value + cell.TotalsOffset;
            if (cell.HasTotals && newest.GetValueOrDefault(series.Name).Time < time)
            {
                newest[series.Name] = (time, $"{cell.TotalsStart} {Counted.Describe(cell.Totals)}");
            }
        }

        /// <summary>The running totals by which each histogram goes on after a restart.</summary>
        public string NewestTotals() => string.Join('\n', newest.Select(n => $"{n.Key} {n.Value}"));

        /// <summary>What this kind of visitor can tell, in a form to compare.</summary>
        public virtual string Describe(Sums of) => string.Join('\n', [
            .. of.distributions.Select(d => $"{d.Key} {d.Value.EffectiveCount:R} {Observation.Describe(d.Value)}"),
            .. of.counters.Select(c => $"{c.Key} {c.Value}"),
            .. of.gauges.Select(g => $"{g.Key} {g.Value}"),
            .. of.histograms.Select(h => $"{h.Key} {Counted.Describe(h.Value)}")]);

        protected static string Increases(Sums of) => string.Join('\n', of.counters.Select(c => $"{c.Key} {c.Value.Increase}"));

        protected void Check(SliceRange span)
        {
            Assert.InRange(span.First.Number, range.First.Number, span.Last.Number);
            Assert.InRange(span.Last.Number, span.First.Number, range.Last.Number);
            Assert.InRange(span.Count, 1, TierMath.SlicesOf(step));
        }
    }

    /// <summary>The same through a visitor to whom increases are enough.</summary>
    private sealed class IncreaseSums(SliceRange range, TimeTier step) : Sums(range, step), IIncreaseVisitor
    {
        public void Visit(ReadOnlySpan<Series> series, SliceRange first, ReadOnlySpan<long> increases, long nanosPerUnit)
        {
            for (var i = 0; i < increases.Length; i++)
            {
                var behind = i / series.Length * first.Count;
                var span = new SliceRange(first.First.Plus(behind), first.Last.Plus(behind));
                Visit(series[i % series.Length], span, new CounterCell(new FixedSum((Int128)increases[i] * nanosPerUnit), 1, 0, 0, double.NaN, false));
            }
        }

        public override string Describe(Sums of) => Increases(of);
    }
}
