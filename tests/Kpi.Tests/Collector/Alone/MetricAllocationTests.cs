using System.Diagnostics;
using Google.Protobuf;
using Kpi.Witness;
using Xunit.Abstractions;
using static Kpi.Tests.Collector.TestPoints;

namespace Kpi.Tests.Collector.Alone;

[Collection(RunsAlone.Name)]
public sealed class MetricAllocationTests(ITestOutputHelper output) : IDisposable
{
    private const int Series = 1_000;
    private const int Rounds = 1_000;

    private readonly MetricBed bed = new();

    public void Dispose() => bed.Dispose();

    [Fact]
    public void A_million_points_of_known_series_are_decoded_without_an_allocation()
    {
        var body = Request(Cumulative([.. Enumerable.Range(0, Series).Select(i => Point(
            i, 0, 60, $"http.route=/api/v1/resource-{i:d4}", "http.request.method=GET", "http.response.status_code:200", "plan=team", "region=eu-west-1"))])).ToByteArray();
        for (var round = 0; round < Rounds; round++)
        {
            Decode(body);
        }

        var allocated = GC.GetAllocatedBytesForCurrentThread();
        var started = Stopwatch.GetTimestamp();
        for (var round = 0; round < Rounds; round++)
        {
            Decode(body);
        }

        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        output.WriteLine($"{allocated} bytes, {Series * Rounds / seconds:N0} points/s of {body.Length / Series} bytes");
        Assert.Equal(0, allocated);
        Assert.Equal(Series, bed.Catalog.Count);
    }

    [Fact]
    public void Histograms_and_gauges_of_known_series_are_decoded_and_counted_without_an_allocation()
    {
        var histogram = new Metric
        {
            Name = "http.server.request.duration",
            Unit = "s",
            Histogram = new Histogram
            {
                AggregationTemporality = AggregationTemporality.TemporalityDelta,
                DataPoints = { Enumerable.Range(0, Series).Select(HistogramPoint) },
            },
        };
        var gauge = new Metric
        {
            Name = "app.load",
            Gauge = new Gauge { DataPoints = { Enumerable.Range(0, Series).Select(i => Point(i, 0, 60, $"i={i}")) } },
        };
        var body = Request(histogram, gauge).ToByteArray();
        void Round()
        {
            if (bed.Take(body).Rejected != 0)
            {
                throw new InvalidOperationException("a good body was refused");
            }
        }

        for (var round = 0; round < Rounds / 4; round++)
        {
            Round();
        }

        var allocated = GC.GetAllocatedBytesForCurrentThread();
        for (var round = 0; round < Rounds / 4; round++)
        {
            Round();
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - allocated);
    }

    private static HistogramDataPoint HistogramPoint(int series) => new()
    {
        TimeUnixNano = Ago(0),
        StartTimeUnixNano = Ago(10),
        Count = 120,
        Sum = 3.5,
        BucketCounts = { Enumerable.Range(1, 15).Select(i => (ulong)i) },
        ExplicitBounds = { 0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10 },
        Attributes = { TestSpans.Attribute($"http.route=/api/v1/resource-{series:d4}") },
    };

    private void Decode(byte[] body)
    {
        if (!bed.TryDecode(body, out var tally) || tally.Rejected != 0 || bed.Batch.Counters.Length != Series)
        {
            throw new InvalidOperationException("a good body was refused");
        }
    }
}
