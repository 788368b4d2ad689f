using FsCheck;
using FsCheck.Fluent;
using Kpi.Rollups.Cells;
using Kpi.Rollups.Reading;
using Kpi.Tests.Rollups.Cells;

namespace Kpi.Tests.Rollups.Reading;

public sealed class DistributionTests
{
    private static readonly Gen<(EdgeSet Edges, Observation[] Seen)[]> AnyCells = Gen.ArrayOf(Observation.AnyCell);

    [Fact]
    public void Cells_add_up_the_same_in_any_order() => Prop.ForAll(AnyCells.ToArbitrary(), cells =>
    {
        var shuffled = cells.ToArray();
        new Random(cells.Length).Shuffle(shuffled);
        Assert.Equal(Observation.Describe(Observation.Sum(cells)), Observation.Describe(Observation.Sum(shuffled)));
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(200));

    [Fact]
    public void Adding_associates_and_commutes() => Prop.ForAll(AnyCells.Three().ToArbitrary(), of =>
    {
        var all = Observation.Describe(Observation.Sum(of.Item1.Concat(of.Item2).Concat(of.Item3)));
        Assert.Equal(all, Observation.Describe(Plus(Plus(Sum(of.Item1), Sum(of.Item2)), Sum(of.Item3))));
        Assert.Equal(all, Observation.Describe(Plus(Sum(of.Item1), Plus(Sum(of.Item2), Sum(of.Item3)))));
        Assert.Equal(all, Observation.Describe(Plus(Plus(Sum(of.Item3), Sum(of.Item1)), Sum(of.Item2))));
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(200));

    [Fact]
    public void One_cell_or_a_cell_per_observation_makes_no_difference() => Prop.ForAll(Observation.AnyCell.ToArbitrary(), given =>
        Assert.Equal(
            Observation.Describe(Observation.Sum(given)),
            Observation.Describe(Observation.Sum(given.Seen.Select(s => (given.Edges, (Observation[])[s]))))))
        .Check(Config.QuickThrowOnFailure.WithMaxTest(200));

    [Fact]
    public void What_is_added_is_left_as_it_was() => Prop.ForAll(AnyCells.Two().ToArbitrary(), two =>
    {
        var (left, right) = (Sum(two.Item1), Sum(two.Item2));
        var before = Observation.Describe(right);
        left.Add(right);
        right.Add(Sum(two.Item1));
        Assert.Equal(Observation.Describe(left), Observation.Describe(right));
        left.Add(left.Count == 0 ? new Distribution() : Sum(two.Item1));
        Assert.Equal(before, Observation.Describe(Sum(two.Item2)));
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(100));

    [Fact]
    public void Counts_at_an_edge_enclose_the_truth_and_are_exact_where_every_cell_declared_it() => Prop.ForAll(AnyCells.ToArbitrary(), cells =>
    {
        var sum = Sum(cells);
        double[] asked = [1e-9, 1e-6, 0.05, 0.1, 0.25, 0.5, 1, 2, 77, 3600, 1e9, .. cells.SelectMany(c => c.Seen).Where(s => s.Nanos > 0).Take(5).Select(s => s.Nanos / 1e9)];
        foreach (var edge in asked)
        {
            // Compared as the doubles that the cells were asked about; under 2^53 ns that is exact.
            var truth = cells.SelectMany(c => c.Seen).Where(s => s.Nanos >= 0 && s.Nanos / 1e9 <= edge).Sum(s => (long)s.Weight);
            var (low, high) = sum.CountAtMost(edge);
            Assert.True(low <= truth && truth <= high, $"{low} {truth} {high} at {edge:R}");
            if (cells.All(c => c.Edges.IndexOf(edge) >= 0))
            {
                Assert.Equal((truth, truth), (low, high));
            }
        }
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    [Fact]
    public void The_bounds_at_an_undeclared_edge_are_apart_by_the_one_bucket_it_cuts() => Prop.ForAll(Gen.ArrayOf(Observation.Any).ToArbitrary(), seen =>
    {
        var sum = Sum([(EdgeSet.None, seen)]);
        foreach (var edge in (double[])[0.1, 0.25, 0.7, 1.9])
        {
            var cut = SketchMath.IndexOf(edge);
            var inBucket = seen.Where(s => s.Nanos > 0 && SketchMath.IndexOf(s.Nanos / 1e9) == cut).Sum(s => (long)s.Weight);
            var (low, high) = sum.CountAtMost(edge);
            Assert.InRange(high - low, 0, inBucket);
        }
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(200));

    [Fact]
    public void An_edge_of_the_sketch_needs_no_declaration()
    {
        // 2⁻⁹ s is a whole number of nanoseconds and an edge between buckets.
        var sum = Sum([(EdgeSet.None, [new(1_953_124), new(1_953_125), new(1_953_126), new(1), new(9_000_000)])]);
        Assert.Equal((3, 3), sum.CountAtMost(1.953125e-3));
    }

    [Fact]
    public void Every_rank_is_enclosed() => Prop.ForAll(AnyCells.ToArbitrary(), cells =>
    {
        var sum = Sum(cells);
        double[] sorted = [.. cells.SelectMany(c => c.Seen).Where(s => s.Nanos >= 0)
            .SelectMany(s => Enumerable.Repeat(s.Nanos / 1e9, (int)s.Weight)).Order()];
        Assert.Equal(sorted.Length, sum.Measured);
        for (var rank = 1; rank <= sorted.Length; rank += 1 + (sorted.Length / 50))
        {
            var read = sum.AtRank(rank)!.Value;
            Assert.True(read.Low <= sorted[rank - 1] && sorted[rank - 1] <= read.High && read.Low <= read.Value && read.Value <= read.High);
            Assert.InRange(read.Value, sorted[rank - 1] * 0.9945, sorted[rank - 1] * 1.0055);
        }

        Assert.Null(sum.AtRank(0));
        Assert.Null(sum.AtRank(sorted.Length + 1));
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(100));

    [Fact]
    public void Without_values_there_is_no_quantile_and_nothing_is_at_most_anything()
    {
        Assert.Null(new Distribution().Quantile(0.5));
        var valueless = Sum([(EdgeSet.Of([0.1]), [new(-1, 7)])]);
        Assert.Null(valueless.Quantile(0.5));
        Assert.Equal((0, 0), valueless.CountAtMost(0.1));
        Assert.Equal((7, 7, 0), (valueless.Count, valueless.Valueless, valueless.Measured));
    }

    [Fact]
    public void The_rank_of_a_quantile_is_the_exact_ceiling()
    {
        // In doubles 0.07 · 100 is 7.000000000000001, which would be rank 8.
        var sum = Sum([(EdgeSet.None, [.. Enumerable.Range(1, 100).Select(i => new Observation(i * 1_000_000_000L))])]);
        Assert.Equal(sum.AtRank(7), sum.Quantile(0.07));
        Assert.Equal(sum.AtRank(29), sum.Quantile(0.29));
        Assert.Equal(sum.AtRank(99), sum.Quantile(0.99));
        Assert.Equal(sum.AtRank(100), sum.Quantile(1));
        Assert.Equal(sum.AtRank(1), sum.Quantile(1e-9));
    }

    [Fact]
    public void Trillions_of_events_add_up()
    {
        var sum = new Distribution();
        for (var i = 0; i < 1_000; i++)
        {
            sum.Add(Observation.Cell(EdgeSet.Of([0.5]), [new(500_000_000, uint.MaxValue), new(700_000_000, uint.MaxValue)]));
        }

        Assert.Equal(2_000L * uint.MaxValue, sum.Measured);
        Assert.Equal((1_000L * uint.MaxValue, 1_000L * uint.MaxValue), sum.CountAtMost(0.5));
        Assert.InRange(sum.Quantile(0.5)!.Value.Value, 0.497, 0.503);
        Assert.InRange(sum.Quantile(0.501)!.Value.Value, 0.696, 0.704);
    }

    private static Distribution Sum(IEnumerable<(EdgeSet Edges, Observation[] Seen)> cells) => Observation.Sum(cells);

    private static Distribution Plus(Distribution left, Distribution right)
    {
        left.Add(right);
        return left;
    }

    [Fact]
    public void The_effective_count_is_that_of_equal_weights_and_less_when_they_differ()
    {
        var equal = Observation.Sum((EdgeSet.None, [new(5, 3), new(-1, 3), new(0, 3)]), (EdgeSet.Of([1]), [new(7, 3)]));
        Assert.Equal((4, 4.0), (equal.Observed, equal.EffectiveCount));

        // (1 + 1 + 8)² / (1 + 1 + 64)
        var different = Observation.Sum((EdgeSet.None, [new(5), new(6), new(7, 8)]));
        Assert.Equal(100.0 / 66, different.EffectiveCount, 1e-12);
        different.Add(equal);
        Assert.Equal(22.0 * 22 / (66 + 36), different.EffectiveCount, 1e-12);
        Assert.Equal(0, new Distribution().EffectiveCount);
    }
}
