using Google.Protobuf;
using Kpi.Collector.Otlp;
using Kpi.Rollups.Identity;
using Kpi.Rollups.Intake;
using Kpi.Rollups.Time;
using Kpi.Witness;
using static Kpi.Tests.Collector.TestPoints;

namespace Kpi.Tests.Collector.Otlp.Metrics;

public sealed class MetricDecoderTests : IDisposable
{
    private readonly MetricBed bed = new();

    public void Dispose() => bed.Dispose();

    [Fact]
    public void A_delta_is_an_increase_of_its_series_in_the_slice_of_its_time()
    {
        bed.Take(Request(Delta(Point(7, 0, 10, "plan=team", "region=eu"))));
        var (key, cell) = Assert.Single(bed.Totals().Counters);
        var labels =
            """{__name__="app.orders", otel.scope.name="Shop", plan="team", region="eu", service.instance.id="a1", service.name="shop"}""";
        Assert.Equal((labels, Slice.Of(new UnixNanos((long)TestSpans.End)).Number), key);
        Assert.Equal((7.0, 1, double.NaN), (cell.Increase.ToDouble(), cell.Samples, cell.LastRaw));
        var series = bed.Totals().Series[labels];
        Assert.Equal((SeriesKind.Counter, "{order}"), (series.Kind, series.Unit));
    }

    [Fact]
    public void Totals_become_what_was_added_between_them()
    {
        bed.Take(Request(Cumulative(Point(100, 30))));
        bed.Take(Request(Cumulative(Point(130, 20), Point(150, 10))));
        bed.Take(Request(Cumulative(Point(150, 0))));
        Assert.Equal(150, Assert.Single(bed.Increases()).Value);
        Assert.Equal([100, 30, 20, 0], bed.Totals().Counters.OrderBy(c => c.Key.Slice).Select(c => c.Value.Increase.ToDouble()));
        Assert.Equal([100, 130, 150, 150], bed.Totals().Counters.OrderBy(c => c.Key.Slice).Select(c => c.Value.LastRaw));
    }

    [Fact]
    public void Doubles_and_integers_are_added_as_they_are()
    {
        var small = Point(0, 10);
        small.AsDouble = 0.1;
        var more = Point(0, 0);
        more.AsDouble = 0.30000000000000004;
        bed.Take(Request(Cumulative(small, more), Counter("big", AggregationTemporality.TemporalityCumulative, Point(long.MaxValue - 3, 10), Point(long.MaxValue, 0))));
        Assert.Equal(0.3, bed.Increases()["app.orders{}"]);
        Assert.Equal(3, bed.Totals().Counters.Where(c => c.Key.Series.Contains("big")).MaxBy(c => c.Key.Slice).Value.Increase.ToDouble());
    }

    [Fact]
    public void The_same_attributes_in_another_order_are_the_same_series()
    {
        bed.Take(Request(Delta(Point(1, 0, 10, "a=1", "b=2"), Point(1, 0, 10, "b=2", "a=1"))));
        Assert.Equal(2, Assert.Single(bed.Increases()).Value);
        Assert.Equal(1, bed.Catalog.Count);
    }

    [Fact]
    public void Instances_scopes_services_and_names_are_series_of_their_own()
    {
        var request = Request(Delta(Point(1)), Counter("app.carts", AggregationTemporality.TemporalityDelta, Point(1)));
        request.ResourceMetrics.Add(From("stock", Delta(Point(1))));
        request.ResourceMetrics.Add(From("shop", Delta(Point(1))));
        request.ResourceMetrics[2].Resource.Attributes[1].Value.StringValue = "a2";
        request.ResourceMetrics.Add(From("shop", Delta(Point(1))));
        request.ResourceMetrics[3].ScopeMetrics[0].Scope.Name = "Other";
        bed.Take(request);
        Assert.Equal(5, bed.Catalog.Count);
    }

    [Fact]
    public void A_distribution_of_the_same_labels_stays_another_series()
    {
        bed.Take(Request(Delta(Point(1))));
        var labels = Assert.Single(bed.Totals().Series.Values).Labels;
        var other = bed.Catalog.GetOrAdd(SeriesKind.Distribution, "s", labels, out _);
        bed.Take(Request(Delta(Point(1))));
        Assert.Equal(SeriesKind.Counter, Assert.Single(bed.Totals().Series.Values).Kind);
        Assert.NotEqual(other.Identity, Assert.Single(bed.Totals().Series.Values));
    }

    // Wire traps of 1.8: temporality and monotonic behind the points or before, in parts, and a oneof that changes its mind.
    [Fact]
    public void A_sum_in_parts_is_one_sum_wherever_its_temporality_stands()
    {
        var first = new Sum { DataPoints = { Point(3) } }.ToByteArray();
        var second = new Sum { DataPoints = { Point(4) }, AggregationTemporality = AggregationTemporality.TemporalityDelta, IsMonotonic = true }.ToByteArray();
        foreach (var order in (byte[][][])[[first, second], [second, first]])
        {
            var metric = WireBytes.Field(2, WireBytes.Field(7, order[0]), WireBytes.Field(7, order[1]), WireBytes.Field(1, "app.orders"u8.ToArray()));
            Assert.Equal((2, 0), Counts(bed.Take(Enclosed(metric))));
        }

        Assert.Equal(14, Assert.Single(bed.Increases()).Value);
    }

    [Fact]
    public void Of_data_of_several_kinds_the_last_counts_and_what_it_replaced_is_still_looked_at()
    {
        var name = WireBytes.Field(1, "app.orders"u8.ToArray());
        var sum = WireBytes.Field(7, new Sum { DataPoints = { Point(3) }, AggregationTemporality = AggregationTemporality.TemporalityDelta, IsMonotonic = true }.ToByteArray());
        var gauge = WireBytes.Field(5, new Gauge { DataPoints = { Point(1), Point(2) } }.ToByteArray());
        Assert.Equal((1, 0), Counts(bed.Take(Enclosed(WireBytes.Field(2, name, sum, gauge, sum)))));
        Assert.Equal((2, 0), Counts(bed.Take(Enclosed(WireBytes.Field(2, name, sum, gauge)))));
        Assert.Equal(3, Assert.Single(bed.Increases()).Value);
        var broken = WireBytes.Field(5, WireBytes.Field(1, WireBytes.Field(7, [0x0A, 0x7F])));
        Assert.False(bed.TryDecode(Enclosed(WireBytes.Field(2, name, broken, sum)), out _));
    }

    [Fact]
    public void A_resource_and_a_scope_behind_their_metrics_count()
    {
        var from = From("shop", Delta(Point(5)));
        var scope = WireBytes.Field(2, WireBytes.Field(2, from.ScopeMetrics[0].Metrics[0].ToByteArray()), WireBytes.Field(1, from.ScopeMetrics[0].Scope.ToByteArray()));
        bed.Take(WireBytes.Field(1, scope, WireBytes.Field(1, from.Resource.ToByteArray())));
        var labels = Assert.Single(bed.Totals().Series.Values).Labels;
        Assert.Equal(("shop", "Shop"), (labels[LabelNames.ServiceName], labels[LabelNames.ScopeName]));
    }

    [Theory]
    [InlineData(RejectReason.NoTime)]
    [InlineData(RejectReason.TooOld)]
    [InlineData(RejectReason.TooFarAhead)]
    [InlineData(RejectReason.NoValue)]
    [InlineData(RejectReason.NegativeValue)]
    [InlineData(RejectReason.NotFinite)]
    [InlineData(RejectReason.TooManyLabels)]
    public void A_bad_point_is_rejected_and_its_neighbours_are_not(RejectReason reason)
    {
        foreach (var bad in Bad(reason))
        {
            foreach (var metric in (Metric[])[Delta(Point(2, 0, 10, "a=1"), bad, Point(3, 0, 10, "b=1")), Cumulative(Point(2, 0, 10, "c=1"), bad, Point(3, 0, 10, "d=1"))])
            {
                var tally = bed.Take(Request(metric));
                Assert.Equal((3, 1, 1), (tally.Items, tally.Rejected, tally[reason]));
                Assert.Equal($"1 of 3 data points rejected: {IntakeTally.NameOf(reason)} 1", tally.Describe(OtlpSignal.Metrics));
            }
        }

        Assert.Equal(4, bed.Catalog.Count);
        Assert.DoesNotContain(bed.Increases().Keys, k => k.Contains("bad"));
    }

    [Fact]
    public void Points_without_temporality_and_metrics_without_a_name_are_rejected()
    {
        var unspecified = Counter("a", AggregationTemporality.TemporalityUnspecified, Point(1), Point(2));
        var unknown = Counter("a", (AggregationTemporality)7, Point(1));
        var nameless = Counter("", AggregationTemporality.TemporalityDelta, Point(1));
        var long_ = Counter(new string('n', 257), AggregationTemporality.TemporalityDelta, Point(1));
        var tally = bed.Take(Request(unspecified, unknown, nameless, long_));
        Assert.Equal((5, 3, 2), (tally.Rejected, tally[RejectReason.NoTemporality], tally[RejectReason.InvalidName]));
        Assert.Equal(0, bed.Catalog.Count);
    }

    [Fact]
    public void A_point_without_a_value_that_says_so_marks_the_series_stale_and_the_next_goes_on()
    {
        bed.Take(Request(Cumulative(Point(10, 20))));
        var stale = Point(0, 10);
        stale.ClearValue();
        stale.Flags = 1;
        bed.Take(Request(Cumulative(stale)));
        bed.Take(Request(Cumulative(Point(15, 0))));
        Assert.Equal([false, true, false], bed.Totals().Counters.OrderBy(c => c.Key.Slice).Select(c => c.Value.Stale));
        Assert.Equal([10, 0, 5], bed.Totals().Counters.OrderBy(c => c.Key.Slice).Select(c => c.Value.Increase.ToDouble()));
    }

    [Fact]
    public void Over_the_cap_increases_share_a_series_and_running_totals_are_refused()
    {
        using var small = new MetricBed(new RollupLimits { SeriesPerMetric = 2 });
        var deltas = small.Take(Request(Delta([.. Enumerable.Range(0, 5).Select(i => Point(1, 0, 10, $"i={i}"))])));
        Assert.Equal((5, 0, 3), (deltas.Items, deltas.Rejected, deltas[RejectReason.SeriesOverflow]));
        Assert.Equal(3, small.Increases()["app.orders{otel.metric.overflow=\"true\"}"]);
        var totals = small.Take(Request(Cumulative(Point(4, 0, 10, "i=0"), Point(4, 0, 10, "i=9"))));
        Assert.Equal((1, 1), (totals.Rejected, totals[RejectReason.TooManySeries]));
        Assert.Equal(0, small.Intake[RejectReason.OverlappingSenders]);
    }

    private static IEnumerable<NumberDataPoint> Bad(RejectReason reason)
    {
        NumberDataPoint With(Action<NumberDataPoint> change)
        {
            var point = Point(1, 0, 10, "bad=1");
            change(point);
            return point;
        }

        return reason switch
        {
            RejectReason.NoTime => [With(p => p.TimeUnixNano = 0)],
            RejectReason.TooOld => [With(p => p.TimeUnixNano = 1), With(p => p.TimeUnixNano = TestSpans.End - (401UL * 86_400_000_000_000))],
            RejectReason.TooFarAhead => [With(p => p.TimeUnixNano = ulong.MaxValue), With(p => p.TimeUnixNano = TestSpans.End + 700_000_000_000)],
            RejectReason.NoValue => [With(p => p.ClearValue()), With(p => { p.ClearValue(); p.Flags = 2; })],
            RejectReason.NegativeValue => [With(p => p.AsInt = -1), With(p => p.AsDouble = -0.5), With(p => p.AsInt = long.MinValue)],
            RejectReason.NotFinite => [With(p => p.AsDouble = double.NaN), With(p => p.AsDouble = double.PositiveInfinity), With(p => p.AsDouble = double.NegativeInfinity)],
            _ => [With(p => p.Attributes.Add(Enumerable.Range(0, 64).Select(i => TestSpans.Attribute($"k{i}=v")))), With(p => p.Attributes.Add(TestSpans.Attribute(new string('k', 257) + "=v")))],
        };
    }

    private static byte[] Enclosed(byte[] metric) => WireBytes.Field(1, WireBytes.Field(2, metric));

    private static (int Items, int Rejected) Counts(ItemTally tally) => (tally.Items, tally.Rejected);
}
