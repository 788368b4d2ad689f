using System.Collections.Concurrent;
using Kpi.Rollups.Cells;
using Kpi.Rollups.Identity;

namespace Kpi.Tests.Rollups.Identity;

public sealed class SeriesCatalogTests
{
    [Fact]
    public void The_same_labels_are_the_same_series()
    {
        var catalog = new SeriesCatalog(new RollupLimits());
        var first = Add(catalog, "m", "1");
        Assert.Same(first, Add(catalog, "m", "1"));
        Assert.Same(first, catalog[first.Slot]);
        Assert.NotSame(first, Add(catalog, "m", "2"));
        Assert.Equal(2, catalog.Count);
    }

    [Fact]
    public void Beyond_its_cap_a_metric_goes_to_its_overflow_series()
    {
        var catalog = new SeriesCatalog(new RollupLimits { SeriesPerMetric = 2 });
        var kept = new[] { Add(catalog, "m", "1"), Add(catalog, "m", "2") };
        Assert.True(catalog.IsFull(SeriesKind.Distribution, "m"));
        var over = catalog.GetOrAdd(SeriesKind.Distribution, "s", LabelsOf("m", "3"), out var overflowed);
        Assert.True(overflowed);
        Assert.Equal(Labels.Of(("__name__", "m"), ("otel.metric.overflow", "true")), over.Identity.Labels);
        Assert.Equal((SeriesKind.Distribution, "s"), (over.Identity.Kind, over.Identity.Unit));
        Assert.Same(over, Add(catalog, "m", "4"));
        Assert.Same(over, catalog.Overflow(SeriesKind.Distribution, "s", "m"));

        // What is known stays known, and other metrics have their own room.
        Assert.Same(kept[1], catalog.GetOrAdd(SeriesKind.Distribution, "s", LabelsOf("m", "2"), out overflowed));
        Assert.False(overflowed);
        Assert.False(catalog.IsFull(SeriesKind.Distribution, "n"));
        Assert.Equal(4, Add(catalog, "n", "1").Slot + 1);
    }

    [Fact]
    public void Beyond_the_cap_in_all_every_metric_goes_to_its_own_overflow_series()
    {
        var catalog = new SeriesCatalog(new RollupLimits { Series = 3 });
        Add(catalog, "a", "1");
        Add(catalog, "a", "2");
        Add(catalog, "b", "1");
        Assert.True(catalog.IsFull(SeriesKind.Distribution, "c"));
        var ofA = Add(catalog, "a", "3");
        var ofC = Add(catalog, "c", "1");
        Assert.Equal(("a", "c", "true"), (ofA.Identity.Name, ofC.Identity.Name, ofC.Identity.Labels[LabelNames.Overflow]));
        Assert.Same(ofC, Add(catalog, "c", "2"));
        Assert.Equal(5, catalog.Count);
    }

    [Fact]
    public void Overflow_series_take_no_room_from_the_others()
    {
        var catalog = new SeriesCatalog(new RollupLimits { Series = 3, SeriesPerMetric = 1 });
        Add(catalog, "a", "1");
        Add(catalog, "a", "2"); // overflow of a
        Add(catalog, "b", "1");
        Assert.False(catalog.IsFull(SeriesKind.Distribution, "c"));
        Add(catalog, "c", "1");
        Assert.True(catalog.IsFull(SeriesKind.Distribution, "d"));

        catalog = new SeriesCatalog(new RollupLimits { SeriesPerMetric = 1 });
        catalog.Overflow(SeriesKind.Distribution, "s", "m");
        Assert.False(catalog.IsFull(SeriesKind.Distribution, "m"));
    }

    [Fact]
    public void A_sender_s_own_overflow_series_is_the_overflow_series()
    {
        // OpenTelemetry's SDKs send exactly these labels when they reach their own limit.
        var catalog = new SeriesCatalog(new RollupLimits { SeriesPerMetric = 2 });
        var sent = catalog.GetOrAdd(SeriesKind.Distribution, "s", Labels.Of(("__name__", "m"), ("otel.metric.overflow", "true")), out _);
        Add(catalog, "m", "1");
        Add(catalog, "m", "2");
        Assert.Same(sent, Add(catalog, "m", "3"));
    }

    [Fact]
    public void Declared_edges_hold_for_series_there_are_and_series_to_come()
    {
        var catalog = new SeriesCatalog(new RollupLimits());
        var before = Add(catalog, "m", "1");
        Assert.Same(EdgeSet.None, before.Edges);
        var (ofM, ofN) = (EdgeSet.Of([0.1]), EdgeSet.Of([0.2]));
        catalog.DeclareEdges(s => s.Name == "m" ? ofM : ofN);
        Assert.Same(ofM, before.Edges);
        Assert.Same(ofM, Add(catalog, "m", "2").Edges);
        Assert.Same(ofN, Add(catalog, "n", "1").Edges);
        Assert.Same(ofM, catalog.Overflow(SeriesKind.Distribution, "s", "m").Edges);
    }

    [Fact]
    public async Task Eight_threads_that_meet_the_same_series_get_one_slot_each()
    {
        const int Threads = 8;
        const int Series = 2_000;
        var catalog = new SeriesCatalog(new RollupLimits());
        var seen = new ConcurrentDictionary<(string, string), ActiveSeries>();
        using var start = new Barrier(Threads);
        await Task.WhenAll(Enumerable.Range(0, Threads).Select(thread => Task.Factory.StartNew(
            () =>
            {
                start.SignalAndWait();
                for (var i = 0; i < Series; i++)
                {
                    Meet("shared", i.ToString("d5", null));
                    Meet($"own-{thread}", (i / 10).ToString("d5", null));
                }
            },
            TaskCreationOptions.LongRunning)));

        Assert.Equal(Series + (Threads * Series / 10), catalog.Count);
        Assert.Equal(Enumerable.Range(0, catalog.Count), seen.Values.Select(s => s.Slot).Order());
        Assert.Equal(catalog.Count, seen.Values.Select(s => s.Identity.Id).Distinct().Count());

        void Meet(string metric, string value)
        {
            var series = Add(catalog, metric, value);
            Assert.Same(series, seen.GetOrAdd((metric, value), series));
            Assert.Same(series, catalog[series.Slot]);
        }
    }

    [Fact]
    public async Task Threads_that_race_for_the_last_places_stay_under_the_cap()
    {
        var catalog = new SeriesCatalog(new RollupLimits { SeriesPerMetric = 500 });
        await Task.WhenAll(Enumerable.Range(0, 8).Select(thread => Task.Run(() =>
        {
            for (var i = 0; i < 300; i++)
            {
                Add(catalog, "m", $"{thread}-{i}");
            }
        })));
        Assert.Equal(501, catalog.Count);
    }

    private static ActiveSeries Add(SeriesCatalog catalog, string metric, string value) =>
        catalog.GetOrAdd(SeriesKind.Distribution, "s", LabelsOf(metric, value), out _);

    private static Labels LabelsOf(string metric, string value) => Labels.Of((LabelNames.MetricName, metric), ("l", value));
}
