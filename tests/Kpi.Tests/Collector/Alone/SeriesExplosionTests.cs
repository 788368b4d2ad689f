using System.Diagnostics;
using System.Runtime.CompilerServices;
using Google.Protobuf;
using Kpi.Rollups.Identity;
using Kpi.Rollups.Intake;
using Kpi.Witness;
using Xunit.Abstractions;

namespace Kpi.Tests.Collector.Alone;

[Collection(RunsAlone.Name)]
public sealed class SeriesExplosionTests(ITestOutputHelper output) : IDisposable
{
    private const int SpansPerBody = 5_000;

    private static readonly RollupLimits Limits = new();

    // 20,000 series of some 500 bytes (labels, strings, identity, indexes, key in the cache), 11 MiB; nothing grows with the spans.
    private const long MostBytes = 24L << 20;

    // Less would mean that the measurement measures nothing.
    private const long LeastBytes = 2L << 20;

    private DecoderBed? bed;

    public void Dispose() => bed?.Dispose();

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

    private (long[] Counts, long Overflowed) Explode(byte[] body, ReadOnlySpan<byte> marker, int digitsAt, int distinct)
    {
        var started = Stopwatch.GetTimestamp();
        var (counts, overflowed) = Fill(body, marker, digitsAt, distinct);
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;

        // With and without, at once one after the other: what else lives in the process is the same.
        var with = Memory();
        Drop();
        var held = with - Memory();
        output.WriteLine($"{distinct} values in {seconds:F1} s, {counts.Count(c => c > 0)} series, {held / 1024.0 / 1024:F1} MiB held");
        Assert.InRange(held, LeastBytes, MostBytes);
        Assert.InRange(seconds, 0, 60);
        return (counts, overflowed);
    }

    // Sends the body again and again, with seven digits counting up wherever the marker stood.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private (long[] Counts, long Overflowed) Fill(byte[] body, ReadOnlySpan<byte> marker, int digitsAt, int distinct)
    {
        var places = new List<int>();
        for (var from = 0; body.AsSpan(from).IndexOf(marker) is var at and >= 0; from += at + marker.Length)
        {
            places.Add(from + at + digitsAt);
        }

        bed = new DecoderBed(Limits);
        var counts = new long[Limits.Series + 16];
        var overflowed = 0L;
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

        return (counts, overflowed);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Drop()
    {
        bed!.Dispose();
        bed = null;
    }

    private static long Memory()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return GC.GetTotalMemory(forceFullCollection: true);
    }
}
