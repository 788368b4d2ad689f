using Kpi.Rollups.Cells;

namespace Kpi.Tests.Rollups.Cells;

public sealed class HistogramLayoutTests
{
    [Fact]
    public void Layouts_are_equal_when_their_buckets_are()
    {
        foreach (var left in Counted.Layouts)
        {
            foreach (var right in Counted.Layouts)
            {
                Assert.Equal(Counted.Name(left) == Counted.Name(right), left.Equals(right));
                Assert.True(!left.Equals(right) || left.GetHashCode() == right.GetHashCode());
            }
        }

        Assert.Same(HistogramLayout.Of(4, 0), HistogramLayout.Of(4, 0));
        Assert.False(HistogramLayout.Of([1]).Equals((object?)null));
        Assert.NotEqual(HistogramLayout.Of([1]), HistogramLayout.Of([1, 2]));
        Assert.NotEqual(HistogramLayout.Of(3, 0), HistogramLayout.Of(3, double.Epsilon));
    }

    [Fact]
    public void The_finest_scale_is_that_of_the_sketch_and_a_coarser_bucket_is_its_finer_ones()
    {
        foreach (var index in (int[])[SketchMath.LowestBucket, -1_000, -65, -64, -1, 0, 1, 63, 64, 5_000, SketchMath.HighestBucket - 1])
        {
            Assert.Equal((index == SketchMath.LowestBucket ? 0 : SketchMath.LowerEdge(index), SketchMath.UpperEdge(index)), HistogramLayout.Of(6, 0).RangeOf(index));
        }

        Assert.Equal((SketchMath.LowerEdge(SketchMath.HighestBucket), double.PositiveInfinity), HistogramLayout.Of(6, 0).RangeOf(SketchMath.HighestBucket));
        for (var scale = HistogramLayout.LeastScale; scale < HistogramLayout.MostScale; scale++)
        {
            var (coarse, fine) = (HistogramLayout.Of(scale, 0), HistogramLayout.Of(scale + 1, 0));
            for (var index = Math.Max(coarse.LowestIndex, -300); index < Math.Min(coarse.HighestIndex, 300); index++)
            {
                Assert.Equal((fine.RangeOf(2 * index).Low, fine.RangeOf((2 * index) + 1).High), coarse.RangeOf(index));
                Assert.Equal(fine.RangeOf(2 * index).High, fine.RangeOf((2 * index) + 1).Low);
            }
        }
    }

    [Theory]
    [InlineData(0, 1023, 8.98846567431158E307, double.PositiveInfinity)] // 2¹⁰²³
    [InlineData(0, 3, 8, 16)]
    [InlineData(-1, 1, 4, 16)]
    [InlineData(-11, 0, 1, double.PositiveInfinity)]
    [InlineData(-11, -1, 0, 1)]
    [InlineData(1, 1, 1.4142135623730951, 2)]
    public void Buckets_are_powers_of_the_base(int scale, int index, double low, double high)
    {
        var range = HistogramLayout.Of(scale, 0).RangeOf(index);
        Assert.Equal(high, range.High);
        Assert.InRange(range.Low, low * 0.999_999_999_999, low * 1.000_000_000_001);
    }

    [Fact]
    public void Every_double_lies_between_the_lowest_and_the_highest_index()
    {
        for (var scale = HistogramLayout.LeastScale; scale <= HistogramLayout.MostScale; scale++)
        {
            var layout = HistogramLayout.Of(scale, 0);
            Assert.InRange(SketchMath.LowestBucket >> (6 - scale), layout.LowestIndex, layout.HighestIndex);
            Assert.InRange(SketchMath.HighestBucket >> (6 - scale), layout.LowestIndex, layout.HighestIndex);
            Assert.Equal(double.PositiveInfinity, layout.RangeOf(layout.HighestIndex).High);
            Assert.Equal(0, layout.RangeOf(layout.LowestIndex).Low);
        }
    }

    [Fact]
    public void Explicit_buckets_lie_between_their_bounds_and_beyond_them()
    {
        var layout = HistogramLayout.Of([-1, 2, 3.5]);
        Assert.Equal((4, 0, 3), (layout.BucketCount, layout.LowestIndex, layout.HighestIndex));
        Assert.Equal((double.NegativeInfinity, -1), layout.RangeOf(0));
        Assert.Equal((-1, 2), layout.RangeOf(1));
        Assert.Equal((3.5, double.PositiveInfinity), layout.RangeOf(3));
        Assert.Equal((double.NegativeInfinity, double.PositiveInfinity), HistogramLayout.Of([]).RangeOf(0));
    }

    [Fact]
    public void Bounds_ascend_are_finite_and_not_too_many()
    {
        double[][] refused = [[1, 1], [2, 1], [double.NaN], [1, double.PositiveInfinity], [double.NegativeInfinity], [.. Enumerable.Range(0, 1_025).Select(i => (double)i)]];
        Assert.All(refused, bounds => Assert.False(HistogramLayout.AreBounds(bounds)));
        Assert.All(refused, bounds => Assert.Throws<ArgumentException>(() => HistogramLayout.Of(bounds)));
        Assert.True(HistogramLayout.AreBounds([.. Enumerable.Range(0, 1_024).Select(i => (double)i)]));
        Assert.Throws<ArgumentException>(() => HistogramLayout.Of(7, 0));
        Assert.Throws<ArgumentException>(() => HistogramLayout.Of(-12, 0));
        Assert.Throws<ArgumentException>(() => HistogramLayout.Of(0, -1));
        Assert.Throws<ArgumentException>(() => HistogramLayout.Of(0, double.NaN));
    }
}
