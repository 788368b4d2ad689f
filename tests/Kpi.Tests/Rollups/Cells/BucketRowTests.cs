using FsCheck;
using FsCheck.Fluent;
using Kpi.Rollups.Cells;

namespace Kpi.Tests.Rollups.Cells;

public sealed class BucketRowTests
{
    /// <summary>Stretches of counts, near and far, over and under zero.</summary>
    private static readonly Gen<(int First, long[] Counts)[]> Parts = Gen.ArrayOf(
        from far in Gen.Choose(0, 9)
        from first in Gen.Choose(-60, 60)
        from counts in Gen.ArrayOf(Gen.Frequency((2, Gen.Constant(0L)), (5, Gen.Choose(1, 1_000).Select(c => (long)c))))
        select (far == 0 ? first * 1_000 : first, counts));

    [Fact]
    public void A_row_holds_what_a_dictionary_holds_in_any_order_and_when_used_again()
    {
        var row = new BucketRow();
        Prop.ForAll(Parts.ToArbitrary(), parts =>
        {
            foreach (var order in ((int First, long[] Counts)[][])[parts, [.. parts.Reverse()]])
            {
                row.Clear();
                foreach (var (first, counts) in order)
                {
                    row.Add(first, counts);
                }

                AssertHolds(Expected(parts), row);
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(400));
    }

    [Fact]
    public void Rows_add_up_and_what_was_added_can_be_taken_away() => Prop.ForAll(Parts.Two().ToArbitrary(), two =>
    {
        var (left, right) = (Row(two.Item1), Row(two.Item2));
        var sum = new BucketRow();
        sum.Add(left);
        sum.Add(right);
        AssertHolds(Expected([.. two.Item1, .. two.Item2]), sum);
        Assert.False(sum.IsBelow(left) || sum.IsBelow(right));
        Assert.Equal(Expected(two.Item2).Count > 0, left.IsBelow(sum));
        sum.Subtract(right);
        AssertHolds(Expected(two.Item1), sum);
        Assert.True(sum.IsSame(left));
        AssertHolds(Expected(two.Item2), right);
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    [Fact]
    public void A_lower_scale_makes_neighbours_one() => Prop.ForAll((from parts in Parts from steps in Gen.Choose(0, 17) select (parts, steps)).ToArbitrary(), given =>
    {
        var row = Row(given.parts);
        row.Lower(given.steps);
        AssertHolds(
            Expected(given.parts).GroupBy(c => (int)Math.Floor(c.Key / Math.Pow(2, given.steps)), c => c.Value).ToDictionary(g => g.Key, g => g.Sum()),
            row);

        // What was lowered takes more on either side.
        row.Add(-70_000, [1]);
        row.Add(70_000, [1]);
        Assert.Equal((1, 1, Expected(given.parts).Values.Sum() + 2), (row[-70_000], row[70_000], row.Total()));
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(400));

    // data/delta-cumulative/exponential-1.test, expo.downscale.
    [Fact]
    public void Scale_two_becomes_scale_one_as_the_specification_has_it()
    {
        var row = Row([(0, [1, 2, 3, 4, 5])]);
        row.Lower(1);
        Assert.Equal([3, 7, 5], row.Counts.ToArray());
        Assert.Equal(0, row.First);
    }

    [Fact]
    public void Counts_stay_at_the_most_that_a_count_can_be()
    {
        var row = Row([(3, [long.MaxValue - 1, 1])]);
        row.Add(3, [5, 5]);
        Assert.Equal([long.MaxValue, 6], row.Counts.ToArray());
        Assert.Equal(long.MaxValue, row.Total());
        row.Lower(3);
        Assert.Equal([long.MaxValue], row.Counts.ToArray());
    }

    private static BucketRow Row((int First, long[] Counts)[] parts)
    {
        var row = new BucketRow();
        foreach (var (first, counts) in parts)
        {
            row.Add(first, counts);
        }

        return row;
    }

    private static Dictionary<int, long> Expected((int First, long[] Counts)[] parts) => parts
        .SelectMany(p => p.Counts.Select((count, i) => (Index: p.First + i, Count: count))).Where(c => c.Count > 0)
        .GroupBy(c => c.Index, c => c.Count).ToDictionary(g => g.Key, g => g.Sum());

    private static void AssertHolds(Dictionary<int, long> expected, BucketRow row)
    {
        var held = row.Counts.ToArray().Select((count, i) => (Index: row.First + i, Count: count)).Where(c => c.Count != 0).ToArray();
        Assert.Equal(expected.OrderBy(e => e.Key).Select(e => (e.Key, e.Value)), held);
        Assert.All(expected, e => Assert.Equal(e.Value, row[e.Key]));
        Assert.Equal((0, 0), (row[row.First - 1], row[row.First + row.Counts.Length]));
        Assert.Equal(expected.Values.Sum(), row.Total());
    }
}
