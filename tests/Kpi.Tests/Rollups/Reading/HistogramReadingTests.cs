using FsCheck;
using FsCheck.Fluent;
using Kpi.Rollups.Cells;
using Kpi.Rollups.Reading;
using Kpi.Tests.Rollups.Cells;

namespace Kpi.Tests.Rollups.Reading;

/// <summary>What is read from histograms of any cut, and of spans beside them, against the plain list of their values.</summary>
public sealed class HistogramReadingTests
{
    private static readonly Gen<Mix> AnyMix =
        from histograms in Gen.ArrayOf(from cell in Counted.AnyCell from told in Gen.Choose(0, 1) select (cell.Layout, cell.Values, Told: told == 0))
        from spans in Gen.Frequency((1, Gen.Constant<(EdgeSet, Observation[])[]>([])), (1, Gen.ArrayOf(Observation.AnyCell)))
        select new Mix(histograms, spans);

    [Fact]
    public void Counts_at_an_edge_enclose_the_truth() => Prop.ForAll(AnyMix.ToArbitrary(), mix =>
    {
        var (sum, values) = (mix.Sum(), mix.Values());
        Assert.Equal(values.Length, sum.Measured);
        foreach (var edge in (double[])[-1e300, -5, -0.25, 0, 0.1, 0.25, 0.5, 1, 3, 5, 100, 1e300, .. values.Take(8), .. mix.Histograms.SelectMany(h => h.Layout.Bounds.ToArray()).Distinct()])
        {
            var (low, high) = sum.CountAtMost(edge);
            Assert.InRange(values.Count(v => v <= edge), low, high);
        }
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(100));

    [Fact]
    public void Every_rank_is_enclosed() => Prop.ForAll(AnyMix.ToArbitrary(), mix =>
    {
        var (sum, values) = (mix.Sum(), mix.Values());
        for (var rank = 1; rank <= values.Length; rank += 1 + (values.Length / 40))
        {
            var read = sum.AtRank(rank)!.Value;
            Assert.True(
                read.Low <= values[rank - 1] && values[rank - 1] <= read.High && read.Low <= read.Value && read.Value <= read.High,
                $"{read} of {values[rank - 1]:R} at {rank} of {values.Length}");
            Assert.True(double.IsFinite(read.Value));
        }

        Assert.Null(sum.AtRank(values.Length + 1));
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(100));

    [Fact]
    public void Counts_are_exact_at_the_bounds_of_the_buckets() => Prop.ForAll(Counted.AnyCell.ToArbitrary(), cell =>
    {
        var sum = new Mix([(cell.Layout, cell.Values, false)], []).Sum();
        var edges = cell.Layout.Scale is { } scale
            ? Enumerable.Range(-30, 60).Select(i => cell.Layout.RangeOf(i << Math.Max(0, scale - 2)).High).Where(e => e >= cell.Layout.ZeroThreshold && double.IsFinite(e))
            : cell.Layout.Bounds.ToArray();
        Assert.All(edges, edge => Assert.Equal((Count(edge), Count(edge)), sum.CountAtMost(edge)));

        long Count(double edge) => cell.Values.Count(v => v <= edge);
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(100));

    [Fact]
    public void Cells_add_up_the_same_in_any_order() => Prop.ForAll(AnyMix.ToArbitrary(), given =>
    {
        // Sums of larger values saturate, and what is taken from a full one depends on the order.
        var mix = given with { Histograms = [.. given.Histograms.Select(h => h with { Values = [.. h.Values.Where(v => Math.Abs(v) < 1e20)] })] };
        var shuffled = mix with { Histograms = [.. mix.Histograms.Reverse()], Spans = [.. mix.Spans.Reverse()] };
        Assert.Equal(Observation.Describe(mix.Sum()), Observation.Describe(shuffled.Sum()));
        var (left, right) = ((mix with { Spans = [] }).Sum(), (mix with { Histograms = [] }).Sum());
        right.Add(left);
        Assert.Equal(Observation.Describe(mix.Sum()), Observation.Describe(right));
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(100));

    // promql/functions.go, bucketQuantile.
    [Fact]
    public void A_classic_histogram_alone_is_read_as_prometheus_reads_it() => Prop.ForAll(Gen.Choose(0, 40).ArrayOf(14).Where(c => c.Sum() > 0).ToArbitrary(), counts =>
    {
        var cell = Counted.Cell(Counted.Usual, []);
        cell.Increase.Positive.Add(0, Array.ConvertAll(counts, c => (long)c));
        cell.Increase.Count = counts.Sum();
        (cell.Min, cell.Max) = (double.NaN, double.NaN);
        var sum = new Distribution();
        sum.Add(cell);
        var (below, start) = (0, 0.0);
        for (var i = 0; i < counts.Length; i++)
        {
            var end = Counted.Usual.Bounds[i];
            for (var of = 1; of <= counts[i]; of++)
            {
                var expected = start + ((end - start) * of / counts[i]);
                var read = sum.AtRank(below + of)!.Value;
                Assert.InRange(read.Value, expected * (1 - 1e-12), expected * (1 + 1e-12));
                Assert.Equal((start, end), (read.Low, read.High));
            }

            (below, start) = (below + counts[i], end);
        }
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(100));

    [Fact]
    public void Above_all_bounds_the_highest_is_told_and_that_there_is_no_end()
    {
        Assert.Equal(new SketchValue(10, 10, double.PositiveInfinity), Read(false, Counted.Usual, 20));
        Assert.Equal(new SketchValue(20, 20, 20), Read(true, Counted.Usual, 20));
        Assert.Equal(new SketchValue(0, 0, double.PositiveInfinity), Read(false, HistogramLayout.Of([]), 20));
        var sum = Sum(false, Counted.Usual, 20);
        Assert.Equal(((0, 0), (0, 1), (1, 1)), (sum.CountAtMost(10 - 1e-9), sum.CountAtMost(15), sum.CountAtMost(double.PositiveInfinity)));
    }

    [Fact]
    public void The_lowest_bucket_begins_at_zero_unless_something_lies_under_it()
    {
        Assert.Equal((0, 0.005), (Read(false, Counted.Usual, 0.003).Low, Read(false, Counted.Usual, 0.003).High));
        Assert.Equal((0, 1), Sum(false, Counted.Usual, 0).CountAtMost(0));
        Assert.Equal(new SketchValue(-3, -3, -3), Read(true, Counted.Usual, -3));
        Assert.Equal((-3, 0.005), (Sum(true, Counted.Usual, -3, 0.003).AtRank(1)!.Value.Low, Sum(true, Counted.Usual, -3, 0.002, 0.008).AtRank(2)!.Value.High));
        Assert.Equal(new SketchValue(-5, double.NegativeInfinity, -5), Read(false, HistogramLayout.Of([-5, 5]), -7));
    }

    [Fact]
    public void Values_under_zero_are_read_from_their_buckets()
    {
        var sum = Sum(false, HistogramLayout.Of(0, 0), -3, -1.5, 0, 6);
        Assert.Equal([(-4, -2), (-2, -1), (0, 0), (4, 8)], Enumerable.Range(1, 4).Select(r => (sum.AtRank(r)!.Value.Low, sum.AtRank(r)!.Value.High)));
        Assert.Equal(((0, 1), (1, 2), (2, 2), (3, 3)), (sum.CountAtMost(-4), sum.CountAtMost(-2), sum.CountAtMost(-1), sum.CountAtMost(0)));
    }

    [Fact]
    public void Infinity_in_the_bucket_over_all_doubles_is_read_as_the_largest()
    {
        var cell = Counted.Cell(HistogramLayout.Of(0, 0), []);
        cell.Increase.Positive.Add(1_024, [1]);
        (cell.Increase.Count, cell.Min, cell.Max) = (1, double.NaN, double.NaN);
        var sum = new Distribution();
        sum.Add(cell);
        Assert.Equal(new SketchValue(double.MaxValue, double.PositiveInfinity, double.PositiveInfinity), sum.AtRank(1));
    }

    [Fact]
    public void Extremes_that_contradict_the_buckets_do_not_count()
    {
        // A float's 0.1 lies a little over the bound.
        var cell = Counted.Cell(Counted.Usual, [0.08, 0.09]);
        (cell.Min, cell.Max) = (0.1f, 0.1f);
        var sum = new Distribution();
        sum.Add(cell);
        Assert.Equal((0.075, 0.1), (sum.AtRank(1)!.Value.Low, sum.AtRank(2)!.Value.High));
    }

    [Fact]
    public void Extremes_that_lie_in_no_filled_bucket_decide_no_share()
    {
        var high = Told(Counted.Usual, 0, 0, 6, 7);
        Assert.Equal(((0, 0), (2, 2)), (high.CountAtMost(1), high.CountAtMost(7.5)));
        Assert.Equal((5, 7.5), (high.AtRank(1)!.Value.Low, high.AtRank(2)!.Value.High));

        var low = Told(Counted.Usual, 100, 100, 0.02);
        Assert.Equal(((0, 0), (1, 1)), (low.CountAtMost(0.01), low.CountAtMost(0.025)));
        Assert.Equal((0.01, 0.025), (low.AtRank(1)!.Value.Low, low.AtRank(1)!.Value.High));

        var negative = Told(HistogramLayout.Of(0, 0), 5, 5, -3, -1.5);
        Assert.Equal(((0, 0), (1, 2), (2, 2)), (negative.CountAtMost(-5), negative.CountAtMost(-2), negative.CountAtMost(-1)));
        Assert.Equal((-4, -1), (negative.AtRank(1)!.Value.Low, negative.AtRank(2)!.Value.High));

        static Distribution Told(HistogramLayout layout, double min, double max, params double[] values)
        {
            var cell = Counted.Cell(layout, values);
            (cell.Min, cell.Max) = (min, max);
            var sum = new Distribution();
            sum.Add(cell);
            return sum;
        }
    }

    [Fact]
    public void Counts_stay_at_the_most_that_a_count_can_be()
    {
        var sum = new Distribution();
        foreach (var value in (double[])[0.02, 0.3, 3])
        {
            var cell = Counted.Cell(Counted.Usual, []);
            Counted.Count(cell.Increase, value);
            cell.Increase.Positive.Map(count => count * (long.MaxValue - 5));
            (cell.Increase.Count, cell.Min, cell.Max) = (long.MaxValue - 5, double.NaN, double.NaN);
            sum.Add(cell);
        }

        Assert.Equal((long.MaxValue, long.MaxValue), (sum.Count, sum.Measured));
        Assert.Equal((0.01, 0.5), (sum.AtRank(1)!.Value.Low, sum.AtRank(long.MaxValue)!.Value.High));
        Assert.Equal((long.MaxValue, long.MaxValue), sum.CountAtMost(1));
    }

    [Fact]
    public void Events_without_a_value_count_and_are_not_measured()
    {
        var cell = Counted.Cell(Counted.Usual, [1, 2]);
        cell.Increase.Count = 5;
        var sum = new Distribution();
        sum.Add(cell);
        Assert.Equal((5, 3, 2, 5), (sum.Count, sum.Valueless, sum.Measured, sum.Observed));
        Assert.Equal((1, 2.5), (sum.AtRank(2)!.Value.Low, sum.AtRank(2)!.Value.High));
        Assert.Null(sum.AtRank(3));
    }

    private static Distribution Sum(bool told, HistogramLayout layout, params double[] values) => new Mix([(layout, values, told)], []).Sum();

    private static SketchValue Read(bool told, HistogramLayout layout, params double[] values) => Sum(told, layout, values).AtRank(1)!.Value;

    private sealed record Mix((HistogramLayout Layout, double[] Values, bool Told)[] Histograms, (EdgeSet Edges, Observation[] Seen)[] Spans)
    {
        public Distribution Sum()
        {
            var sum = Observation.Sum(Spans);
            foreach (var (layout, values, told) in Histograms)
            {
                sum.Add(Counted.Cell(layout, values, told));
            }

            return sum;
        }

        public double[] Values() =>
        [
            .. Histograms.SelectMany(h => h.Values)
                .Concat(Spans.SelectMany(c => c.Seen).Where(s => s.Nanos >= 0).SelectMany(s => Enumerable.Repeat(s.Nanos / 1e9, (int)s.Weight))).Order(),
        ];
    }
}
