using System.Diagnostics;
using Google.Protobuf;
using Kpi.Rollups.Identity;
using Kpi.Rollups.Intake;
using Kpi.Witness;
using Xunit.Abstractions;

namespace Kpi.Tests.Collector.Alone;

[Collection(RunsAlone.Name)]
public sealed class SeriesExplosionTests(ITestOutputHelper output)
{
    private const int SpansPerBody = 5_000;

    private static readonly RollupLimits Limits = new();

    // 20,000 series of some 1.3 KB (labels, strings, identity, two indexes) and the cache's table; nothing grows with the spans.
    private const long MostBytes = 64L << 20;

    [Fact]
    public void A_million_routes_become_the_limit_of_series_and_one_for_the_rest_and_no_span_is_lost()
    {
        const int Distinct = 1_000_000;
        var body = TestSpans.Request([.. Enumerable.Repeat(TestSpans.Get("/r/0000000"), SpansPerBody)]).ToByteArray();
        var (counts, overflowed) = Explode(body, "/r/0000000"u8, "/r/".Length, Distinct);
        Assert.Equal(Distinct, counts.Sum());
        Assert.Equal(Limits.SeriesPerMetric + 1, counts.Count(c => c > 0));
        Assert.Equal(Distinct - Limits.SeriesPerMetric, overflowed);
        Assert.Equal(overflowed, counts.Max());
    }

    [Fact]
    public void A_hundred_thousand_resources_become_the_limit_of_resources_and_one_series_for_the_rest()
    {
        const int Distinct = 100_000;
        var request = new ExportTraceServiceRequest();
        request.ResourceSpans.Add(Enumerable.Repeat(TestSpans.From("s-0000000", TestSpans.Get()), SpansPerBody));
        var (counts, overflowed) = Explode(request.ToByteArray(), "s-0000000"u8, "s-".Length, Distinct);
        Assert.Equal(Distinct, counts.Sum());
        Assert.InRange(counts.Count(c => c > 0), 2, Limits.SeriesPerMetric + 1);
        Assert.Equal(overflowed, counts.Max());
    }

    // Sends the body again and again, with seven digits counting up wherever the marker stood.
    private (long[] Counts, long Overflowed) Explode(byte[] body, ReadOnlySpan<byte> marker, int digitsAt, int distinct)
    {
        var places = new List<int>();
        for (var from = 0; body.AsSpan(from).IndexOf(marker) is var at and >= 0; from += at + marker.Length)
        {
            places.Add(from + at + digitsAt);
        }

        using var bed = new DecoderBed(Limits);
        var counts = new long[Limits.Series + 16];
        var overflowed = 0L;
        var before = Memory();
        var started = Stopwatch.GetTimestamp();
        for (var number = 0; number < distinct;)
        {
            foreach (var place in places)
            {
                number.TryFormat(body.AsSpan(place, 7), out _, "D7");
                number++;
            }

            Assert.True(bed.TryDecode(body, TestSpans.Receipt, out var tally, out var samples));
            Assert.Equal(0, tally.Rejected);
            overflowed += tally[RejectReason.SeriesOverflow];
            foreach (var sample in samples)
            {
                counts[sample.Slot]++;
            }
        }

        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        var grown = Memory() - before;
        output.WriteLine($"{distinct} values in {seconds:F1} s, {bed.Catalog.Count} series, {grown / 1024.0 / 1024:F1} MiB more");
        Assert.InRange(grown, long.MinValue, MostBytes);
        Assert.InRange(seconds, 0, 60);
        return (counts, overflowed);
    }

    private static long Memory()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return GC.GetTotalMemory(forceFullCollection: true);
    }
}
