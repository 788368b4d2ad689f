using Kpi.Rollups.Cells;
using Kpi.Rollups.Identity;
using Kpi.Rollups.Time;
using Kpi.SloEngine.Queries;

namespace Kpi.Tests.SloEngine.Queries;

public sealed class SeriesTotalsTests
{
    [Fact]
    public void A_distribution_gives_count_and_sum()
    {
        var series = Named("a", SeriesKind.Distribution);
        var totals = new SeriesTotals(SeriesSelectorTests.Parse("a"), most: 10);
        totals.Visit(series, new Slice(7), Cells.Of(EdgeSet.None, [0.25, 0.5]));
        totals.Visit(series, new Slice(8), Cells.Of(EdgeSet.None, [1]));
        var status = Assert.Single(totals.ToStatus());
        Assert.Equal(("distribution", 3, 1.75), (status.Kind, status.Count, status.Sum!.Value));
        Assert.Null(status.Increase);
        Assert.Null(status.Last);
        Assert.Null(status.Coverage);
        Assert.Equal("a", status.Labels["__name__"]);
    }

    [Fact]
    public void A_counter_gives_its_increase_and_the_raw_value_of_the_newest_slice_in_whatever_order_they_come()
    {
        var series = Named("a", SeriesKind.Counter);
        var totals = new SeriesTotals(SeriesSelectorTests.Parse("a_total"), most: 10);
        totals.Visit(series, new Slice(8), new CounterCell(FixedSum.From(2), 1, 0, 0, 12, false));
        totals.Visit(series, new Slice(7), new CounterCell(FixedSum.From(3), 2, 0, 0, 10, false));
        var status = Assert.Single(totals.ToStatus());
        Assert.Equal(("counter", 5.0, 12.0, 3L), (status.Kind, status.Increase!.Value, status.Last!.Value, status.Count));
        Assert.Null(status.Sum);
    }

    [Fact]
    public void The_raw_value_is_that_of_the_newest_sample_also_where_a_slice_comes_in_parts_and_shares_have_none()
    {
        var series = Named("a", SeriesKind.Counter);
        CounterCell[] parts = [new(FixedSum.From(2), 1, 5, 5, 12, false), new(FixedSum.From(1), 1, 4, 4, 10, false)];
        foreach (var order in (CounterCell[][])[parts, [.. parts.Reverse()]])
        {
            var totals = new SeriesTotals(SeriesSelectorTests.Parse("a_total"), most: 10);
            totals.Visit(series, new Slice(9), default(CounterCell) with { Increase = FixedSum.From(4) });
            Array.ForEach(order, cell => totals.Visit(series, new Slice(8), cell));
            totals.Visit(series, new Slice(10), default(CounterCell) with { Increase = FixedSum.From(4) });
            var status = Assert.Single(totals.ToStatus());
            Assert.Equal((11.0, 12.0, 2L), (status.Increase!.Value, status.Last!.Value, status.Count));
        }
    }

    [Fact]
    public void A_counter_that_came_as_increases_has_no_raw_value()
    {
        var totals = new SeriesTotals(SeriesSelectorTests.Parse("a_total"), most: 10);
        totals.Visit(Named("a", SeriesKind.Counter), new Slice(8), new CounterCell(FixedSum.From(2), 1, 0, 0, double.NaN, false));
        Assert.Null(Assert.Single(totals.ToStatus()).Last);
    }

    [Fact]
    public void The_limit_itself_is_allowed_and_one_more_is_told()
    {
        var totals = new SeriesTotals(SeriesSelectorTests.Parse("{x!=\"\"}"), most: 3);
        Assert.True(Enumerable.Range(0, 3).All(i => totals.Wants(WithX(i))));
        Assert.False(totals.TooMany);
        Assert.True(totals.Wants(WithX(1)));
        Assert.False(totals.Wants(Named("other", SeriesKind.Counter)));
        Assert.False(totals.TooMany);
        Assert.False(totals.Wants(WithX(3)));
        Assert.True(totals.TooMany);
    }

    private static Series Named(string name, SeriesKind kind) => Series.Of(kind, "", Labels.Of(("__name__", name)));

    private static Series WithX(int i) => Series.Of(SeriesKind.Counter, "", Labels.Of(("__name__", "a"), ("x", $"{i}")));
}
