using Google.Protobuf;
using Kpi.Collector.Journal;
using Kpi.Rollups.Intake;
using Kpi.Rollups.Time;
using Kpi.Testing;
using static Kpi.Tests.Collector.OtlpClient;

namespace Kpi.Tests.Collector.Journal;

/// <summary>What an acknowledgement promises, seen from outside: counted once, whatever crashes and however often it is sent.</summary>
public sealed class JournalledServerTests
{
    private readonly SpanBodies bodies = new(series: 50);

    private static long Now => UnixNanos.Now(TimeProvider.System).Value;

    [Fact]
    public async Task What_was_acknowledged_is_counted_after_a_crash_flushed_or_not()
    {
        await using var bed = await ServerBed.StartAsync();
        for (var i = 0; i < 30; i++)
        {
            var body = bodies.Make(20, Now);
            Assert.Equal(200, (await (i % 2 == 0 ? bed.PostAsync(body) : bed.PostAsync(Gzip(body), "gzip"))).Code);
            if (i == 12)
            {
                await bed.Rollup.Flusher.FlushAsync(CancellationToken.None);
            }
        }

        await using var next = await bed.AfterCrashAsync();
        Assert.Equal(600, await next.CountAsync());
        await next.Rollup.Flusher.FlushAsync(CancellationToken.None);
        await using var third = await next.AfterCrashAsync();
        Assert.Equal(600, await third.CountAsync());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("gzip")]
    public async Task What_was_acknowledged_under_higher_limits_is_counted_after_a_start_under_lower_ones(string? encoding)
    {
        await using var bed = await ServerBed.StartAsync();
        var body = bodies.Make(200, Now);
        Assert.InRange(body.Length, 8 * 1024, int.MaxValue);
        Assert.Equal(200, (await bed.PostAsync(encoding is null ? body : Gzip(body), encoding)).Code);
        await using var next = await bed.AfterCrashAsync(change: o =>
        {
            o.MaxRequestBytes = 1_024;
            o.MaxBytesInFlight = 2_048;
        });
        Assert.Equal(200, await next.CountAsync());
        Assert.Equal(413, (await next.PostAsync(bodies.Make(200, Now))).Code);
    }

    [Fact]
    public async Task The_same_body_again_gets_the_first_answer_and_is_not_counted()
    {
        await using var bed = await ServerBed.StartAsync();
        var request = Good(3);
        request.ResourceSpans[0].ScopeSpans[0].Spans[1].TraceId = ByteString.Empty;
        var first = await bed.PostAsync(request);
        var plain = await bed.PostAsync(request);
        var packed = await bed.PostAsync(Gzip(request.ToByteArray()), "gzip");
        var grpc = await bed.CallAsync(request);
        Assert.Equal("1 of 3 spans rejected: invalid_id 1", first.Response.PartialSuccess.ErrorMessage);
        Assert.All([plain.Response, packed.Response, grpc.Response], r => Assert.Equal(first.Response, r));
        Assert.Equal((2, 3, 2), (await bed.CountAsync(), bed.Rollup.Intake.Repeated, bed.Rollup.Intake.Accepted));
    }

    [Fact]
    public async Task A_retry_after_a_crash_is_still_known()
    {
        await using var bed = await ServerBed.StartAsync();
        var unflushed = bodies.Make(5, Now);
        var flushed = bodies.Make(7, Now);
        await bed.PostAsync(flushed);
        await bed.Rollup.Flusher.FlushAsync(CancellationToken.None);
        await bed.PostAsync(unflushed);

        await using var next = await bed.AfterCrashAsync();
        Assert.Equal(200, (await next.PostAsync(flushed)).Code);
        Assert.Equal(200, (await next.PostAsync(unflushed)).Code);
        Assert.Equal((12, 2), (await next.CountAsync(), next.Rollup.Intake.Repeated));
    }

    [Fact]
    public async Task Sent_many_times_at_once_a_body_counts_once()
    {
        await using var bed = await ServerBed.StartAsync();
        var body = bodies.Make(10, Now);
        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => bed.PostAsync(body)));
        Assert.All(answers, a => Assert.Equal(200, a.Code));
        Assert.Equal((10, 39), (await bed.CountAsync(), bed.Rollup.Intake.Repeated));
    }

    [Fact]
    public async Task A_refused_body_may_come_again_and_is_counted_then()
    {
        await using var bed = await ServerBed.StartAsync(journal: new JournalOptions { SegmentBytes = 1 << 20, MaxBytes = 2 << 20, RetryWindow = TimeSpan.FromMilliseconds(1) });
        var taken = 0;
        byte[] refused;
        while (true)
        {
            refused = bodies.Make(800, Now);
            if ((await bed.PostAsync(refused)).Code == 503)
            {
                break;
            }

            taken++;
        }

        Assert.Equal(1, bed.Rollup.Intake[RejectReason.NotDurable]);
        var answer = await bed.PostAsync(refused);
        Assert.Equal(503, answer.Code);
        Assert.InRange(answer.Message.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 2, 4);
        await bed.Rollup.Flusher.FlushAsync(CancellationToken.None);
        Assert.Equal(200, (await bed.PostAsync(refused)).Code);
        Assert.Equal((taken + 1) * 800, await bed.CountAsync());
    }

    [Fact]
    public async Task Requests_that_come_together_share_syncs_and_all_survive()
    {
        await using var bed = await ServerBed.StartAsync();
        await Task.WhenAll(Enumerable.Range(0, 16).Select(async sender =>
        {
            var own = new SpanBodies(series: 50, seed: sender + 1);
            for (var i = 0; i < 25; i++)
            {
                Assert.Equal(200, (await bed.PostAsync(own.Make(4, Now))).Code);
                if (i == sender)
                {
                    await bed.Rollup.Flusher.FlushAsync(CancellationToken.None);
                }
            }
        }));
        Assert.Equal(1_600, await bed.CountAsync());
        await using var next = await bed.AfterCrashAsync();
        Assert.Equal(1_600, await next.CountAsync());
    }

    [Fact]
    public async Task Without_durability_nothing_is_written_and_a_crash_loses_what_no_flush_took()
    {
        var none = new JournalOptions { Durability = Durability.None };
        await using var bed = await ServerBed.StartAsync(journal: none);
        var body = bodies.Make(5, Now);
        await bed.PostAsync(body);
        await bed.Rollup.Flusher.FlushAsync(CancellationToken.None);
        await bed.PostAsync(bodies.Make(5, Now));
        await bed.PostAsync(body);
        Assert.Equal((10, 1), (await bed.CountAsync(), bed.Rollup.Intake.Repeated));
        await using var next = await bed.AfterCrashAsync(none);
        Assert.Equal(5, await next.CountAsync());
    }
}
