using Kpi.Rollups.Identity;

namespace Kpi.Tests.Rollups.Identity;

public sealed class SeriesCensusTests
{
    private readonly SeriesCatalog catalog = new(new RollupLimits { SeriesPerMetric = 30 });

    [Fact]
    public void Labels_are_told_by_their_different_values_the_widest_first()
    {
        for (var i = 0; i < 12; i++)
        {
            Add("http", ("user", $"u{i}"), ("route", $"r{i % 3}"), ("host", "a"));
        }

        var use = Assert.Single(SeriesCensus.Take(catalog));
        Assert.Equal(("http", SeriesKind.Counter, 12, 30, false), (use.Name, use.Kind, use.Series, use.Limit, use.Overflowed));
        Assert.Equal([("user", 12), ("route", 3), ("host", 1)], use.Labels.Select(l => (l.Name, l.Values)));
    }

    [Fact]
    public void What_overflowed_comes_first_then_what_has_most_series()
    {
        Fill("small", 2);
        Fill("large", 29);
        Fill("exploding", 40);
        Assert.Equal([("exploding", 30, true), ("large", 29, false), ("small", 2, false)], SeriesCensus.Take(catalog).Select(m => (m.Name, m.Series, m.Overflowed)));
    }

    [Fact]
    public void The_overflow_series_is_no_label_to_drop()
    {
        Fill("exploding", 31);
        var labels = Assert.Single(SeriesCensus.Take(catalog)).Labels;
        Assert.Equal([("user", 30)], labels.Select(l => (l.Name, l.Values)));
    }

    [Fact]
    public void When_the_explosion_has_passed_nothing_is_said_to_overflow()
    {
        Fill("exploding", 40);
        catalog.Retire(TimeSpan.FromMinutes(1));
        Assert.True(Assert.Single(SeriesCensus.Take(catalog)).Overflowed);
        catalog.Retire(TimeSpan.FromMinutes(11));
        Assert.Empty(SeriesCensus.Take(catalog));
    }

    [Fact]
    public void One_metric_of_two_kinds_is_counted_twice()
    {
        catalog.GetOrAdd(SeriesKind.Counter, "", Labels.Of(("__name__", "m"), ("a", "1")), out _);
        catalog.GetOrAdd(SeriesKind.Gauge, "", Labels.Of(("__name__", "m"), ("b", "1")), out _);
        Assert.Equal([(SeriesKind.Counter, "a"), (SeriesKind.Gauge, "b")], SeriesCensus.Take(catalog).Select(m => (m.Kind, Assert.Single(m.Labels).Name)).Order());
    }

    [Fact]
    public void No_more_metrics_and_labels_are_named_than_fit_a_page()
    {
        for (var i = 0; i < SeriesCensus.MostMetrics + 5; i++)
        {
            Add($"m{i}", [.. Enumerable.Range(0, SeriesCensus.MostLabels + 5).Select(l => ($"l{l}", "v"))]);
        }

        var metrics = SeriesCensus.Take(catalog);
        Assert.Equal(SeriesCensus.MostMetrics, metrics.Count);
        Assert.All(metrics, m => Assert.Equal(SeriesCensus.MostLabels, m.Labels.Count));
    }

    private void Fill(string metric, int series)
    {
        for (var i = 0; i < series; i++)
        {
            Add(metric, ("user", $"u{i}"));
        }
    }

    private void Add(string metric, params (string Name, string Value)[] labels) =>
        catalog.GetOrAdd(SeriesKind.Counter, "", Labels.Of([("__name__", metric), .. labels]), out _);
}
