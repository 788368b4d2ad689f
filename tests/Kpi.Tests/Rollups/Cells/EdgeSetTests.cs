using Kpi.Rollups.Cells;

namespace Kpi.Tests.Rollups.Cells;

public sealed class EdgeSetTests
{
    [Fact]
    public void Edges_are_sorted_and_each_there_once()
    {
        var edges = EdgeSet.Of([0.5, 0.1, 0.5, 2]);
        Assert.Equal([0.1, 0.5, 2], edges.Edges.ToArray());
        Assert.Equal([100_000_000, 500_000_000, 2_000_000_000], edges.Nanos.ToArray());
        Assert.Equal((1, -1), (edges.IndexOf(0.5), edges.IndexOf(0.3)));
    }

    [Fact]
    public void Sets_are_equal_when_their_edges_are()
    {
        Assert.Equal(EdgeSet.Of([0.1, 0.5]), EdgeSet.Of([0.5, 0.1, 0.1]));
        Assert.Equal(EdgeSet.Of([0.1, 0.5]).GetHashCode(), EdgeSet.Of([0.5, 0.1]).GetHashCode());
        Assert.NotEqual(EdgeSet.Of([0.1]), EdgeSet.Of([0.1, 0.5]));
        Assert.Same(EdgeSet.None, EdgeSet.Of([]));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-0.1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void An_edge_that_is_not_positive_and_finite_is_refused(double edge) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => EdgeSet.Of([0.1, edge]));

    [Fact]
    public void A_set_has_at_most_64_edges()
    {
        Assert.Equal(64, EdgeSet.Of(Enumerable.Range(1, 64).Select(i => (double)i)).Edges.Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => EdgeSet.Of(Enumerable.Range(1, 65).Select(i => (double)i)));
    }

    [Fact]
    public void A_duration_is_within_an_edge_between_two_nanoseconds_only_when_it_is_shorter()
    {
        // 1.6 ns: a duration of 2 ns is longer.
        var cell = Observation.Cell(EdgeSet.Of([1.6e-9]), [new(1), new(2)]);
        Assert.Equal([1], cell.AtEdges.ToArray());
    }

    [Fact]
    public void Every_whole_millisecond_of_two_minutes_is_exactly_its_nanoseconds()
    {
        for (var first = 1; first <= 120_000; first += EdgeSet.MostEdges)
        {
            var edges = EdgeSet.Of(Enumerable.Range(first, EdgeSet.MostEdges).Select(i => i / 1e3));
            for (var i = 0; i < edges.Nanos.Length; i++)
            {
                Assert.Equal((first + i) * 1_000_000L, edges.Nanos[i]);
            }
        }
    }
}
