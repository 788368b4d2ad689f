using Google.Protobuf;
using Kpi.Rollups.Identity;
using Kpi.Rollups.Intake;
using Kpi.Witness;
using static Kpi.Tests.Collector.TestPoints;

namespace Kpi.Tests.Collector.Otlp.Metrics;

/// <summary>Gauges, sums that may fall, histograms of both kinds and summaries, from the wire to the cell.</summary>
public sealed class MetricKindsTests : IDisposable
{
    private readonly MetricBed bed = new();

    public void Dispose() => bed.Dispose();

    [Fact]
    public void Every_kind_is_stored_whole_and_nothing_is_left_to_say()
    {
        var tally = bed.Take(Request([.. OfOtherKinds(TestSpans.End), Delta(Point(1))]));
        Assert.Equal((6, 0), (tally.Items, tally.Rejected));
        var kinds = bed.Totals().Series.Values.GroupBy(s => s.Kind).ToDictionary(g => g.Key, g => g.Select(s => s.Name).Order().ToArray());
        Assert.Equal(["g", "s", "u"], kinds[SeriesKind.Gauge]);
        Assert.Equal(["e", "h"], kinds[SeriesKind.Histogram]);
        Assert.Equal(["app.orders", "s_count", "s_sum"], kinds[SeriesKind.Counter]);
        var without = bed.Take(Request(OfOtherKinds(0)));
        Assert.Equal((5, 5, 5), (without.Items, without.Rejected, without[RejectReason.NoTime]));
    }

    [Fact]
    public void A_gauge_keeps_the_last_value_the_smallest_the_largest_and_their_sum()
    {
        bed.Take(Request(Gauge(Reading(3, 2), Reading(-1, 1), Reading(7, 3))));
        var cell = Assert.Single(bed.Totals().Gauges).Value;
        Assert.Equal((-1.0, -1.0, 7.0, 9.0, 3L), (cell.Last, cell.Min, cell.Max, cell.Sum.ToDouble(), cell.Count));
    }

    [Fact]
    public void A_gauge_may_show_what_is_no_number_and_a_mark_without_a_value_ends_it()
    {
        bed.Take(Request(Gauge(Reading(3, 2), Reading(double.NaN, 1))));
        var cell = Assert.Single(bed.Totals().Gauges).Value;
        Assert.Equal((double.NaN, 3.0, 1L, false), (cell.Last, cell.Max, cell.Count, cell.Stale));
        bed.Take(Request(Gauge(new NumberDataPoint { TimeUnixNano = TestSpans.End, Flags = 1 })));
        Assert.True(Assert.Single(bed.Totals().Gauges).Value.Stale);
        var without = bed.Take(Request(Gauge(new NumberDataPoint { TimeUnixNano = TestSpans.End })));
        Assert.Equal(1, without[RejectReason.NoValue]);
    }

    [Fact]
    public void A_sum_that_may_fall_is_read_as_it_stands_or_added_up_in_steps()
    {
        bed.Take(Request(Falling(AggregationTemporality.TemporalityCumulative, Point(10, 2), Point(4, 1))));
        Assert.Equal(4, Assert.Single(bed.Totals().Gauges).Value.Last);
        bed.Take(Request(Falling(AggregationTemporality.TemporalityDelta, Point(10, 2, 3), Point(-4, 1, 2))));
        Assert.Equal(6, bed.Increases()["app.queue{}"]);
    }

    [Fact]
    public void An_explicit_histogram_keeps_its_bounds_and_counts()
    {
        bed.Take(Request(Histogram(AggregationTemporality.TemporalityDelta, Explicit([1, 2, 0, 4], secondsAgo: 1), Explicit([0, 0, 1, 0], secondsAgo: 2))));
        var cell = Assert.Single(bed.Totals().Histograms).Value;
        Assert.Equal([0.1, 0.2, 0.5], cell.Increase.Layout.Bounds.ToArray());
        Assert.Equal([1, 2, 1, 4], Enumerable.Range(0, 4).Select(i => cell.Increase.Positive[i]));
        Assert.Equal((8L, 3.5), (cell.Increase.Count, cell.Increase.Sum!.Value.ToDouble()));
        Assert.Equal("s", Assert.Single(bed.Totals().Series).Value.Unit);
    }

    [Fact]
    public void Running_totals_of_a_histogram_become_what_was_added_bucket_by_bucket()
    {
        bed.Take(Request(Histogram(AggregationTemporality.TemporalityCumulative, Explicit([1, 2, 0, 4], 20, 60))));
        bed.Take(Request(Histogram(AggregationTemporality.TemporalityCumulative, Explicit([1, 5, 0, 6], 10, 60))));
        bed.Take(Request(Histogram(AggregationTemporality.TemporalityCumulative, Explicit([2, 0, 0, 0], 0, 5))));
        var cells = bed.Totals().Histograms.OrderBy(h => h.Key.Slice).Select(h => h.Value.Increase).ToList();
        Assert.Equal([7, 5, 2], cells.Select(c => c.Count));
        Assert.Equal([2, 3, 0], cells.Select(c => c.Positive[1]));
    }

    [Theory]
    [InlineData("counts", RejectReason.InvalidBuckets)]
    [InlineData("bounds", RejectReason.InvalidBuckets)]
    [InlineData("order", RejectReason.InvalidBuckets)]
    [InlineData("infinite", RejectReason.InvalidBuckets)]
    [InlineData("sum", RejectReason.InvalidBuckets)]
    [InlineData("huge", RejectReason.InvalidBuckets)]
    [InlineData("many", RejectReason.InvalidBuckets)]
    public void A_histogram_whose_buckets_are_not_sound_is_rejected_and_makes_no_series(string what, RejectReason reason)
    {
        var point = Explicit([1, 2, 0, 4], 1);
        switch (what)
        {
            case "counts":
                point.BucketCounts.Add(0);
                break;
            case "bounds":
                point.ExplicitBounds.Clear();
                break;
            case "order":
                point.ExplicitBounds[1] = 0.05;
                break;
            case "infinite":
                point.ExplicitBounds[2] = double.PositiveInfinity;
                break;
            case "many":
                (point.BucketCounts[0], point.Count) = (1_000_000_000_001, 1_000_000_000_007);
                break;
            case "sum":
                point.Count = 8;
                break;
            default:
                (point.BucketCounts[0], point.BucketCounts[1]) = (ulong.MaxValue, 7);
                break;
        }

        var tally = bed.Take(Request(Histogram(AggregationTemporality.TemporalityDelta, point)));
        Assert.Equal((1, 1), (tally.Rejected, tally[reason]));
        Assert.Empty(bed.Totals().Histograms);
    }

    [Fact]
    public void A_histogram_without_buckets_has_count_and_sum_alone()
    {
        var point = new HistogramDataPoint { Count = 5, Sum = 2, TimeUnixNano = Ago(1), StartTimeUnixNano = Ago(2) };
        Assert.Equal(0, bed.Take(Request(Histogram(AggregationTemporality.TemporalityDelta, point))).Rejected);
        var increase = Assert.Single(bed.Totals().Histograms).Value.Increase;
        Assert.Equal((5L, 5L, 0), (increase.Count, increase.Positive[0], increase.Layout.Bounds.Length));
    }

    [Fact]
    public void Counts_one_by_one_and_in_pieces_are_the_same_as_packed()
    {
        var packed = Request(Histogram(AggregationTemporality.TemporalityDelta, Explicit([1, 2, 0, 4], 1))).ToByteArray();
        bed.Take(packed);
        var expected = bed.Totals().Describe();
        using var other = new MetricBed();
        byte[] point =
        [
            .. WireBytes.Fixed64(2, Ago(60)), .. WireBytes.Fixed64(3, Ago(1)), .. WireBytes.Fixed64(4, 7), .. WireBytes.Fixed64(5, BitConverter.DoubleToUInt64Bits(1.75)),
            .. WireBytes.Fixed64(6, 1), .. WireBytes.Fixed64(6, 2), .. WireBytes.Field(6, [.. BitConverter.GetBytes(0UL), .. BitConverter.GetBytes(4UL)]),
            .. WireBytes.Field(7, BitConverter.GetBytes(0.1)), .. WireBytes.Fixed64(7, BitConverter.DoubleToUInt64Bits(0.2)), .. WireBytes.Fixed64(7, BitConverter.DoubleToUInt64Bits(0.5)),
        ];
        byte[] metric = [.. WireBytes.Field(1, "app.time"u8.ToArray()), .. WireBytes.Field(3, "s"u8.ToArray()), .. WireBytes.Field(9, [.. WireBytes.Field(1, point), 0x10, 1])];
        var resource = Request().ResourceMetrics[0].Resource.ToByteArray();
        byte[] scope = [.. WireBytes.Field(1, WireBytes.Field(1, "Shop"u8.ToArray())), .. WireBytes.Field(2, metric)];
        other.Take(WireBytes.Field(1, [.. WireBytes.Field(1, resource), .. WireBytes.Field(2, scope)]));
        Assert.Equal(expected, other.Totals().Describe());
    }

    [Fact]
    public void Exponential_histograms_keep_a_coarse_scale_and_finer_ones_are_lowered_to_ours()
    {
        bed.Take(Request(Exponential(2, 4, [1, 2, 3], -2, [5], zeros: 6)));
        bed.Take(Request(Exponential(8, 1_023, [1, 1, 1, 1], 0, [])));
        var cells = bed.Totals().Histograms.Values.Select(h => h.Increase).OrderBy(c => c.Layout.Scale).ToList();
        Assert.Equal([2, 6], cells.Select(c => c.Layout.Scale!.Value));
        Assert.Equal((17L, 6L, 2L, 5L), (cells[0].Count, cells[0].Zeros, cells[0].Positive[5], cells[0].Negative[-2]));

        // 1,023 at scale 8 is 255 at scale 6; 1,024 to 1,026 are 256.
        Assert.Equal((1L, 3L), (cells[1].Positive[255], cells[1].Positive[256]));
    }

    [Theory]
    [InlineData(-12, 0)]
    [InlineData(2, int.MaxValue)]
    [InlineData(6, 70_000)]
    public void An_exponential_histogram_in_places_where_no_number_is_is_rejected(int scale, int offset) =>
        Assert.Equal(1, bed.Take(Request(Exponential(scale, offset, [1, 1], 0, [])))[RejectReason.InvalidBuckets]);

    [Fact]
    public void Many_buckets_are_more_than_a_point_may_have()
    {
        Assert.Equal(1, bed.Take(Request(Exponential(6, 0, [.. Enumerable.Repeat(1UL, 4_097)], 0, [])))[RejectReason.InvalidBuckets]);
        Assert.Equal(0, bed.Take(Request(Exponential(6, 0, [.. Enumerable.Repeat(1UL, 4_096)], 0, []))).Rejected);
    }

    [Fact]
    public void Buckets_that_lie_far_apart_are_kept_in_a_coarser_scale_and_none_is_lost()
    {
        bed.Take(Request(Exponential(6, -60_000, [7], 0, []), Exponential(6, 60_000, [9], 0, [])));
        var cell = Assert.Single(bed.Totals().Histograms).Value;
        Assert.Equal((16L, 2), (cell.Increase.Count, cell.Increase.Layout.Scale!.Value));
        Assert.Equal((7L, 9L), (cell.Increase.Positive[-3_750], cell.Increase.Positive[3_750]));
        Assert.True(cell.Increase.Positive.Counts.Length <= 8_193);
    }

    [Theory]
    [InlineData(26, int.MaxValue - 1, 4)]
    [InlineData(26, int.MaxValue - 3, 4)]
    [InlineData(31, int.MinValue, 4)]
    [InlineData(60, int.MinValue, 1)]
    [InlineData(int.MaxValue, 0, 2)]
    [InlineData(int.MinValue, 0, 2)]
    public void Extreme_scales_and_offsets_are_kept_or_rejected_and_harm_nobody_else(int scale, int offset, int buckets)
    {
        var tally = bed.Take(Request(Exponential(scale, offset, [.. Enumerable.Repeat(1UL, buckets)], 0, []), Gauge(Reading(3, 2))));
        Assert.Equal(2, tally.Items);
        Assert.Equal(3, Assert.Single(bed.Totals().Gauges).Value.Last);
        Assert.Equal(tally.Rejected == 0 ? buckets : 0, bed.Totals().Histograms.Values.Sum(h => h.Increase.Count));
    }

    [Fact]
    public void A_summary_of_which_one_series_finds_no_room_is_rejected_whole()
    {
        using var small = new MetricBed(new RollupLimits { SeriesPerMetric = 1 });
        var tally = small.Take(Request(Summary(10, 5, 20, (0.5, 0.1), (0.99, 0.2))));
        Assert.Equal((1, 1, 1), (tally.Items, tally.Rejected, tally[RejectReason.TooManySeries]));
        Assert.Empty(small.Totals().Counters);
        Assert.Empty(small.Totals().Gauges);
    }

    [Fact]
    public void More_samples_than_a_request_may_bring_are_rejected_and_the_rest_counts()
    {
        var records = new ScopeLogs { LogRecords = { Enumerable.Repeat(new LogRecord(), 2_500_000) } };
        var body = new ExportLogsServiceRequest { ResourceLogs = { new ResourceLogs { ScopeLogs = { records } } } }.ToByteArray();
        using var logs = new MetricBed(decoder: rollup => new Kpi.Collector.Otlp.Logs.LogDecoder(rollup));
        var tally = logs.Take(body);
        Assert.Equal(2_500_000, tally.Items);
        Assert.InRange(tally[RejectReason.TooManySamples], 50_000, 200_000);
        Assert.Equal(tally.Items - tally.Rejected, logs.Increases().Values.Sum());
    }

    [Fact]
    public void A_summary_is_two_counters_and_a_gauge_for_each_quantile()
    {
        bed.Take(Request(Summary(10, 5, 20, (0.5, 0.1), (0.99, double.NaN))));
        bed.Take(Request(Summary(14, 7, 10, (0.5, 0.2), (0.99, 0.9))));
        Assert.Equal(14, bed.Increases()["app.rpc_count{}"]);
        Assert.Equal(7, bed.Increases()["app.rpc_sum{}"]);
        var totals = bed.Totals();
        var quantiles = totals.Gauges.OrderBy(g => g.Key.Slice).Select(g => (totals.Series[g.Key.Series].Labels["quantile"], g.Value.Last));
        Assert.Equal([("0.5", 0.1), ("0.5", 0.2), ("0.99", 0.9)], quantiles.OrderBy(q => q.Item1));
    }

    [Fact]
    public void A_name_that_changes_its_kind_is_another_series()
    {
        bed.Take(Request(Gauge(Reading(3, 2))));
        bed.Take(Request(Counter("app.load", AggregationTemporality.TemporalityDelta, Point(4, 1, 2))));
        Assert.Equal(3, Assert.Single(bed.Totals().Gauges).Value.Last);
        Assert.Equal(4, bed.Increases()["app.load{}"]);
    }

    [Fact]
    public void Over_the_cap_what_does_not_add_up_is_refused()
    {
        using var small = new MetricBed(new RollupLimits { SeriesPerMetric = 1 });
        small.Take(Request(Gauge(Reading(1, 1, "i=0")), Histogram(AggregationTemporality.TemporalityDelta, Explicit([1, 0, 0, 0], 1, 2, "i=0"))));
        var tally = small.Take(Request(
            Gauge(Reading(1, 1, "i=1")),
            Histogram(AggregationTemporality.TemporalityDelta, Explicit([1, 0, 0, 0], 1, 2, "i=1")),
            Histogram(AggregationTemporality.TemporalityCumulative, Explicit([1, 0, 0, 0], 1, 2, "i=2"))));
        Assert.Equal((2, 2, 1), (tally.Rejected, tally[RejectReason.TooManySeries], tally[RejectReason.SeriesOverflow]));
    }

    private static Metric Gauge(params NumberDataPoint[] points) => new() { Name = "app.load", Gauge = new Gauge { DataPoints = { points } } };

    private static NumberDataPoint Reading(double value, double secondsAgo, params string[] attributes) =>
        new() { AsDouble = value, TimeUnixNano = Ago(secondsAgo), Attributes = { attributes.Select(TestSpans.Attribute) } };

    private static Metric Falling(AggregationTemporality temporality, params NumberDataPoint[] points) =>
        new() { Name = "app.queue", Sum = new Sum { DataPoints = { points }, AggregationTemporality = temporality } };

    private static Metric Histogram(AggregationTemporality temporality, params HistogramDataPoint[] points) =>
        new() { Name = "app.time", Unit = "s", Histogram = new Histogram { DataPoints = { points }, AggregationTemporality = temporality } };

    private static HistogramDataPoint Explicit(ulong[] counts, double secondsAgo, double startSecondsAgo = 60, params string[] attributes) => new()
    {
        TimeUnixNano = Ago(secondsAgo),
        StartTimeUnixNano = Ago(startSecondsAgo),
        Count = counts.Aggregate((sum, c) => sum + c),
        Sum = 1.75,
        BucketCounts = { counts },
        ExplicitBounds = { 0.1, 0.2, 0.5 },
        Attributes = { attributes.Select(TestSpans.Attribute) },
    };

    private static Metric Exponential(int scale, int offset, ulong[] counts, int negativeOffset, ulong[] negative, ulong zeros = 0) => new()
    {
        Name = "app.exp",
        ExponentialHistogram = new ExponentialHistogram
        {
            AggregationTemporality = AggregationTemporality.TemporalityDelta,
            DataPoints =
            {
                new ExponentialHistogramDataPoint
                {
                    TimeUnixNano = Ago(1), StartTimeUnixNano = Ago(2), Scale = scale, ZeroCount = zeros,
                    Count = counts.Concat(negative).Aggregate(zeros, (sum, c) => sum + c),
                    Positive = new ExponentialHistogramDataPoint.Types.Buckets { Offset = offset, BucketCounts = { counts } },
                    Negative = new ExponentialHistogramDataPoint.Types.Buckets { Offset = negativeOffset, BucketCounts = { negative } },
                },
            },
        },
    };

    private static Metric Summary(ulong count, double sum, double secondsAgo, params (double Quantile, double Value)[] quantiles) => new()
    {
        Name = "app.rpc",
        Summary = new Summary
        {
            DataPoints =
            {
                new SummaryDataPoint
                {
                    Count = count, Sum = sum, TimeUnixNano = Ago(secondsAgo), StartTimeUnixNano = Ago(60),
                    QuantileValues = { quantiles.Select(q => new SummaryDataPoint.Types.ValueAtQuantile { Quantile = q.Quantile, Value = q.Value }) },
                },
            },
        },
    };
}
