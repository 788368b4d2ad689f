using Kpi.Collector.Otlp;
using Kpi.Rollups.Intake;

namespace Kpi.Tests.Collector.Spans;

/// <summary>Times and durations of spans: ingest reference 1.9.</summary>
public sealed class SpanTranslatorTests : IDisposable
{
    private const ulong Second = 1_000_000_000;
    private const ulong Now = 1_790_000_000 * Second;
    private const long NoDuration = -1;

    private readonly DecoderBed bed = new();

    public void Dispose() => bed.Dispose();

    [Fact]
    public void A_span_that_ends_before_it_starts_is_counted_without_a_duration_and_noted()
    {
        var decoded = Decode(start: Now, end: Now - 1);
        Assert.Equal((0, 1), (decoded.Tally.Rejected, decoded.Tally[RejectReason.EndBeforeStart]));
        Assert.Equal(NoDuration, Assert.Single(decoded.Samples).Nanos);
    }

    [Fact]
    public void A_span_without_a_start_is_counted_without_a_duration_and_noted()
    {
        var decoded = Decode(start: 0, end: Now);
        Assert.Equal((0, 1), (decoded.Tally.Rejected, decoded.Tally[RejectReason.NoStartTime]));
        Assert.Equal(NoDuration, Assert.Single(decoded.Samples).Nanos);
    }

    [Fact]
    public void A_span_that_takes_no_time_has_a_duration_of_zero() => Assert.Equal(0, Assert.Single(Decode(Now, Now).Samples).Nanos);

    // Point 12 of section 7, for spans.
    [Fact]
    public void A_span_without_an_end_is_rejected() => AssertRejected(RejectReason.NoTime, start: Now, end: 0);

    [Fact]
    public void Ten_minutes_ahead_of_our_clock_are_taken_and_no_nanosecond_more()
    {
        Assert.Equal(0, Decode(Now, Now + (600 * Second)).Tally.Rejected);
        AssertRejected(RejectReason.TooFarAhead, Now, Now + (600 * Second) + 1);
        AssertRejected(RejectReason.TooFarAhead, Now, ulong.MaxValue);
        AssertRejected(RejectReason.TooFarAhead, Now, 1UL << 63);
    }

    [Fact]
    public void A_span_in_the_oldest_slice_kept_is_taken_and_one_before_it_is_too_old()
    {
        // 400 days before now is an edge of slices, so the slice that ends there is the oldest.
        const ulong Oldest = Now - (400 * 86_400 * Second) - (10 * Second) + 1;
        Assert.Equal(0, Decode(Oldest - Second, Oldest).Tally.Rejected);
        AssertRejected(RejectReason.TooOld, Oldest - Second, Oldest - 1);
        AssertRejected(RejectReason.TooOld, 0, 1);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(10 * Second, 1)]
    [InlineData((10 * Second) + 1, 2)]
    public void An_end_on_an_edge_belongs_to_the_slice_that_ends_there(ulong after, int slices)
    {
        const ulong Edge = Now - (20 * Second);
        Assert.Equal((int)(Edge / (10 * Second)) + slices, Assert.Single(Decode(Now - (60 * Second), Edge + after).Samples).Slice);
    }

    [Fact]
    public void What_is_rejected_is_told_to_the_sender_by_reason()
    {
        var bad = TestSpans.Get();
        bad.TraceId = Google.Protobuf.ByteString.Empty;
        var old = TestSpans.Get();
        old.EndTimeUnixNano = 1;
        var noted = TestSpans.Get();
        noted.StartTimeUnixNano = 0;
        var decoded = bed.Decode(TestSpans.Request(bad, bad, TestSpans.Get(), old, noted));
        Assert.Equal("3 of 5 spans rejected: invalid_id 2, too_old 1", decoded.Tally.Describe(OtlpSignal.Traces));
    }

    private void AssertRejected(RejectReason reason, ulong start, ulong end)
    {
        var decoded = Decode(start, end);
        Assert.True(decoded.Taken);
        Assert.Equal((1, 1), (decoded.Tally.Rejected, decoded.Tally[reason]));
        Assert.Empty(decoded.Samples);
    }

    private Decoded Decode(ulong start, ulong end)
    {
        var span = TestSpans.Get();
        span.StartTimeUnixNano = start;
        span.EndTimeUnixNano = end;
        return bed.Decode(TestSpans.Request(span));
    }
}
