using Kpi.Collector.Lookup;
using Kpi.Collector.Otlp.Logs;
using Kpi.Rollups.Identity;
using Kpi.Rollups.Intake;
using Kpi.Witness;
using static Kpi.Tests.Collector.TestPoints;

namespace Kpi.Tests.Collector.Lookup;

public sealed class KnownSeriesTests
{
    private static readonly byte[] Key = [1, 2, 3];

    [Fact]
    public void A_series_shaped_under_an_earlier_policy_is_not_known_under_the_next()
    {
        var catalog = new SeriesCatalog(new RollupLimits());
        var known = new KnownSeries(catalog);
        var before = known.Current;
        var series = catalog.GetOrAdd(SeriesKind.Counter, "1", Labels.Of((LabelNames.MetricName, "a"), ("user.id", "1")), out _);
        catalog.LabelPolicy = Dropping("user.id");
        known.Remember(before, Key, series);
        Assert.False(known.TryGet(Key, out _));
        Assert.NotSame(before, known.Current);

        known.Remember(before, Key, series);
        Assert.False(known.TryGet(Key, out _));
        known.Remember(known.Current, Key, series);
        Assert.True(known.TryGet(Key, out var slot));
        Assert.Equal(series.Slot, slot);
    }

    [Fact]
    public void An_equal_policy_leaves_all_known_and_says_so_by_reference()
    {
        var catalog = new SeriesCatalog(new RollupLimits()) { LabelPolicy = Dropping("user.id") };
        var known = new KnownSeries(catalog);
        var table = known.Current;
        catalog.LabelPolicy = Dropping("user.id");
        Assert.Same(table, known.Current);
        catalog.LabelPolicy = Dropping("user.name");
        Assert.NotSame(table, known.Current);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void At_the_cap_spans_known_before_stay_themselves_whatever_policy_is_adopted(bool changed)
    {
        using var bed = new DecoderBed(new RollupLimits { SeriesPerMetric = 1 }) { Catalog = { LabelPolicy = Dropping("other") } };
        var known = Assert.Single(bed.Decode(TestSpans.Request(TestSpans.Get())).Samples).Labels;
        Assert.Equal(1, bed.Decode(TestSpans.Request(TestSpans.Get("/b"))).Tally[RejectReason.SeriesOverflow]);
        bed.Catalog.LabelPolicy = Dropping(changed ? "another" : "other", metric: "not.of.spans");
        var again = bed.Decode(TestSpans.Request(TestSpans.Get()));
        Assert.Equal((known, 0), (Assert.Single(again.Samples).Labels, again.Tally[RejectReason.SeriesOverflow]));
        Assert.Equal(1, bed.Decode(TestSpans.Request(TestSpans.Get("/b"))).Tally[RejectReason.SeriesOverflow]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void At_the_cap_logs_known_before_stay_themselves_whatever_policy_is_adopted(bool changed)
    {
        using var bed = new MetricBed(new RollupLimits { SeriesPerMetric = 1 }, r => new LogDecoder(r)) { Catalog = { LabelPolicy = Dropping("other") } };
        bed.Take(Logs(9));
        bed.Catalog.LabelPolicy = Dropping(changed ? "another" : "other");
        Assert.Equal(0, bed.Take(Logs(9))[RejectReason.SeriesOverflow]);
        Assert.Equal(1, bed.Take(Logs(17))[RejectReason.SeriesOverflow]);
        Assert.Equal([1.0, 2.0], bed.Increases().Values.Order());
    }

    [Fact]
    public void Of_the_same_attributes_increases_are_merged_and_running_totals_are_not()
    {
        using var bed = new MetricBed { Catalog = { LabelPolicy = Dropping("user.id") } };
        bed.Take(Request(Delta(Point(3, 0, 10, "user.id=1"))));
        var tally = bed.Take(Request(Cumulative(Point(4, 0, 10, "user.id=1"))));
        Assert.Equal(1, tally[RejectReason.LabelKept]);
        Assert.Equal(["app.orders{user.id=\"1\"}", "app.orders{}"], bed.Increases().Keys.Order(StringComparer.Ordinal));
    }

    private static LabelPolicy Dropping(string label, string metric = "*") => new([new LabelRule(metric, [label], [], new Dictionary<string, int>())]);

    private static ExportLogsServiceRequest Logs(int severity) => new()
    {
        ResourceLogs =
        {
            new ResourceLogs
            {
                Resource = new Resource { Attributes = { TestSpans.Attribute("service.name=shop") } },
                ScopeLogs = { new ScopeLogs { LogRecords = { new LogRecord { SeverityNumber = severity, TimeUnixNano = TestSpans.End } } } },
            },
        },
    };
}
