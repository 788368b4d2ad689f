using Google.Protobuf;
using Kpi.Collector.Journal;
using Kpi.Rollups.Coverage;
using Kpi.Rollups.Time;
using Kpi.Testing;
using Kpi.Witness;

namespace Kpi.Tests.Collector;

/// <summary>Who was heard, from the wire to the masks, and across a crash.</summary>
public sealed class CoverageTests
{
    private static readonly SourceIdentity Shop = new("shop", "", "", "a1");

    private readonly SpanBodies bodies = new(series: 50);

    private static UnixNanos Now => UnixNanos.Now(TimeProvider.System);

    [Fact]
    public async Task Who_sends_running_totals_has_a_heartbeat_and_who_sends_increases_has_none()
    {
        await using var bed = await ServerBed.StartAsync();
        await bed.PostAsync(Request("totals", AggregationTemporality.TemporalityCumulative).ToByteArray(), path: "/v1/metrics");
        await bed.PostAsync(Request("deltas", AggregationTemporality.TemporalityDelta).ToByteArray(), path: "/v1/metrics");
        var window = bed.Rollup.Coverage.Over(LastMinutes());
        Assert.True(window.Follows(Shop with { Name = "totals" }));
        Assert.False(window.Follows(Shop with { Name = "deltas" }));
        Assert.Equal(1.0, window.Of(Shop with { Name = "totals" }).Ratio);
    }

    [Fact]
    public async Task After_a_crash_the_source_is_still_known_and_so_is_the_slice_of_a_body_in_the_journal()
    {
        await using var bed = await ServerBed.StartAsync();
        await bed.PostAsync(Request("totals", AggregationTemporality.TemporalityCumulative).ToByteArray(), path: "/v1/metrics");
        var taken = Slice.Of(Now);
        await using var next = await bed.AfterCrashAsync();
        var window = next.Rollup.Coverage.Over(LastMinutes());
        Assert.True(window.Follows(Shop with { Name = "totals" }));
        Assert.Equal(window.Ours.Expected - 1, window.Ours.Known + Math.Max(0, Slice.Of(Now).Number - taken.Number - 1));

        await next.Rollup.Flusher.FlushAsync(CancellationToken.None);
        await using var third = await next.AfterCrashAsync();
        Assert.True(third.Rollup.Coverage.Over(LastMinutes()).Follows(Shop with { Name = "totals" }));
    }

    [Fact]
    public async Task A_sender_turned_away_for_want_of_room_leaves_its_slice_unknown()
    {
        var small = new JournalOptions { SegmentBytes = 1 << 20, MaxBytes = 2 << 20 };
        await using var bed = await ServerBed.StartAsync(journal: small);
        while ((await bed.PostAsync(bodies.Make(800, Now.Value))).Code != 503)
        {
        }

        var ours = bed.Rollup.Coverage.Over(LastMinutes()).Ours;
        Assert.Equal(1, ours.Expected - ours.Known);
    }

    private static SliceRange LastMinutes() => SliceRange.EndingAt(Now, TimeSpan.FromMinutes(5));

    private static ExportMetricsServiceRequest Request(string service, AggregationTemporality temporality)
    {
        var point = TestPoints.Point(5);
        point.TimeUnixNano = (ulong)Now.Value;
        point.StartTimeUnixNano = point.TimeUnixNano - 1_000_000_000;
        return new() { ResourceMetrics = { TestPoints.From(service, TestPoints.Counter("app.orders", temporality, point)) } };
    }
}
