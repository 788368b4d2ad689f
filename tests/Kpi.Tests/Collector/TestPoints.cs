using Kpi.Witness;

namespace Kpi.Tests.Collector;

/// <summary>Metrics written short; times in seconds before <see cref="TestSpans.End"/>.</summary>
internal static class TestPoints
{
    public static ulong Ago(double seconds) => TestSpans.End - (ulong)(seconds * 1e9);

    public static NumberDataPoint Point(long value, double secondsAgo = 0, double startSecondsAgo = 60, params string[] attributes) => new()
    {
        AsInt = value,
        TimeUnixNano = Ago(secondsAgo),
        StartTimeUnixNano = Ago(startSecondsAgo),
        Attributes = { attributes.Select(TestSpans.Attribute) },
    };

    public static Metric Counter(string name, AggregationTemporality temporality, params NumberDataPoint[] points) => new()
    {
        Name = name,
        Unit = "{order}",
        Sum = new Sum { DataPoints = { points }, AggregationTemporality = temporality, IsMonotonic = true },
    };

    public static Metric Delta(params NumberDataPoint[] points) => Counter("app.orders", AggregationTemporality.TemporalityDelta, points);

    public static Metric Cumulative(params NumberDataPoint[] points) => Counter("app.orders", AggregationTemporality.TemporalityCumulative, points);

    public static ExportMetricsServiceRequest Request(params Metric[] metrics) => new() { ResourceMetrics = { From("shop", metrics) } };

    public static ResourceMetrics From(string service, params Metric[] metrics) => new()
    {
        Resource = new Resource { Attributes = { TestSpans.Attribute("service.name=" + service), TestSpans.Attribute("service.instance.id=a1") } },
        ScopeMetrics = { new ScopeMetrics { Scope = new InstrumentationScope { Name = "Shop" }, Metrics = { metrics } } },
    };

    /// <summary>A point of each kind but counters.</summary>
    public static Metric[] OfOtherKinds(ulong time) =>
    [
        new() { Name = "g", Gauge = new Gauge { DataPoints = { new NumberDataPoint { AsDouble = 1.5, TimeUnixNano = time, Attributes = { TestSpans.Attribute("a=b") } } } } },
        new()
        {
            Name = "u",
            Sum = new Sum { AggregationTemporality = AggregationTemporality.TemporalityCumulative, DataPoints = { new NumberDataPoint { AsInt = -5, TimeUnixNano = time } } },
        },
        new()
        {
            Name = "h",
            Histogram = new Histogram
            {
                AggregationTemporality = AggregationTemporality.TemporalityDelta,
                DataPoints =
                {
                    new HistogramDataPoint
                    {
                        TimeUnixNano = time, Count = 3, Sum = 4, BucketCounts = { 1, 2 }, ExplicitBounds = { 0.5 }, Min = 0.1, Max = 3,
                        Attributes = { TestSpans.Attribute("a:7") },
                        Exemplars = { new Exemplar { AsDouble = 1, TimeUnixNano = time, FilteredAttributes = { TestSpans.Attribute("k=v") } } },
                    },
                },
            },
        },
        new()
        {
            Name = "e",
            ExponentialHistogram = new ExponentialHistogram
            {
                AggregationTemporality = AggregationTemporality.TemporalityCumulative,
                DataPoints =
                {
                    new ExponentialHistogramDataPoint
                    {
                        TimeUnixNano = time, Count = 5, Scale = -2, ZeroCount = 1,
                        Positive = new ExponentialHistogramDataPoint.Types.Buckets { Offset = -3, BucketCounts = { 1, 300 } },
                        Negative = new ExponentialHistogramDataPoint.Types.Buckets { BucketCounts = { 3 } },
                        Attributes = { TestSpans.Attribute("a=b") },
                    },
                },
            },
        },
        new()
        {
            Name = "s",
            Summary = new Summary
            {
                DataPoints =
                {
                    new SummaryDataPoint
                    {
                        TimeUnixNano = time, Count = 2, Sum = 3, Attributes = { TestSpans.Attribute("a=b") },
                        QuantileValues = { new SummaryDataPoint.Types.ValueAtQuantile { Quantile = 0.5, Value = 1 } },
                    },
                },
            },
        },
    ];
}
