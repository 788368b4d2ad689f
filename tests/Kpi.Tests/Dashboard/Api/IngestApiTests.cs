using System.Text.Json;
using Kpi.Rollups.Identity;
using Kpi.Rollups.Intake;
using Kpi.Rollups.Time;
using Kpi.SloEngine.Status;
using Kpi.Testing;

namespace Kpi.Tests.Dashboard.Api;

/// <summary>The worst offenders are named: senders with rates, rejections by reason and clock skew, metrics with their labels.</summary>
public sealed class IngestApiTests
{
    private const long Second = 1_000_000_000;

    private readonly FakeClock clock = new(new DateTimeOffset(2026, 11, 22, 12, 0, 3, TimeSpan.Zero));
    private readonly int[] reasons = new int[Enum.GetValues<RejectReason>().Length];

    [Fact]
    public async Task Before_anything_came_the_report_has_every_field_and_unknowns_are_null()
    {
        await using var dashboard = await RunningDashboard.StartAsync(clock);
        var report = await dashboard.JsonAsync("/api/ingest");
        Assert.Equal(
            """
            {"from":"2026-11-22T12:00:03+00:00","to":"2026-11-22T12:00:03+00:00","watermark":null,"lastReceived":null,"senders":[],"metrics":[],
            "sendersInAll":0,"sendersForgotten":0,"series":0,"seriesLimit":100000,"refused":[],"rejected":[],"remarks":[],"repeated":0,
            "journal":null,"uncommitted":{"bytes":0,"limit":268435456},"endpoints":{"grpc":"127.0.0.1:4317","http":"127.0.0.1:4318"}}
            """.ReplaceLineEndings(""),
            report.GetRawText());
    }

    [Fact]
    public async Task A_sender_has_every_field_of_the_contract()
    {
        await using var dashboard = await RunningDashboard.StartAsync(clock);
        var book = dashboard.Platform.Rollup.Senders;
        reasons[(int)RejectReason.TooOld] = 2;
        reasons[(int)RejectReason.SeriesOverflow] = 3;
        book.Take(Heard("10.0.0.1", "shop"), 8, Now + (5 * Second), reasons);
        book.Refuse(Heard("10.0.0.1", "shop"), RejectReason.Overloaded);
        book.Repeat(Heard("10.0.0.1", "shop"));
        var sender = (await dashboard.JsonAsync("/api/ingest")).GetProperty("senders")[0];
        Assert.Equal(
            [
                "peer", "service", "signals", "itemsPerSecond", "bytesPerSecond", "items", "lastHeard", "bytes", "inflatedBytes", "rejected", "refused",
                "remarks", "repeated", "clockSkewSeconds",
            ],
            sender.EnumerateObject().Select(p => p.Name));
        Assert.Equal(("10.0.0.1", "shop"), (sender.GetProperty("peer").GetString(), sender.GetProperty("service").GetString()));
        Assert.Equal("""["metrics"]""", sender.GetProperty("signals").GetRawText());
        Assert.Equal("""[{"reason":"too_old","count":2}]""", sender.GetProperty("rejected").GetRawText());
        Assert.Equal("""[{"reason":"overloaded","count":1,"retry":true}]""", sender.GetProperty("refused").GetRawText());
        Assert.Equal("""[{"reason":"series_overflow","count":3}]""", sender.GetProperty("remarks").GetRawText());
        Assert.Equal((8, 1, -5.0), (sender.GetProperty("items").GetInt64(), sender.GetProperty("repeated").GetInt64(), sender.GetProperty("clockSkewSeconds").GetDouble()));
        Assert.Equal("2026-11-22T12:00:03+00:00", sender.GetProperty("lastHeard").GetString());
        Assert.True(sender.GetProperty("itemsPerSecond").GetDouble() > 0);
    }

    [Fact]
    public async Task The_worst_come_first_and_who_was_asked_to_retry_is_not_among_them()
    {
        await using var dashboard = await RunningDashboard.StartAsync(clock);
        var book = dashboard.Platform.Rollup.Senders;
        book.Take(Heard("10.0.0.1", "quiet"), 1, 0, []);
        book.Take(Heard("10.0.0.1", "busy"), 1_000, 0, []);
        book.Refuse(Heard("10.0.0.2", ""), RejectReason.Malformed);
        for (var i = 0; i < 10; i++)
        {
            book.Refuse(Heard("10.0.0.3", "patient"), RejectReason.Overloaded);
        }

        reasons[(int)RejectReason.InvalidId] = 5;
        book.Take(Heard("10.0.0.1", "wrong"), 0, 0, reasons);
        var senders = (await dashboard.JsonAsync("/api/ingest")).GetProperty("senders").EnumerateArray().ToList();
        Assert.Equal(["wrong", null, "busy", "quiet", "patient"], senders.Select(s => s.GetProperty("service").GetString()));
        Assert.Equal(JsonValueKind.Null, senders[1].GetProperty("service").ValueKind);
    }

    [Theory]
    [InlineData(1.9, false)]
    [InlineData(-1.9, false)]
    [InlineData(2.0, true)]
    [InlineData(-2.0, true)]
    public async Task A_clock_is_called_wrong_from_two_seconds_on(double behind, bool shown)
    {
        await using var dashboard = await RunningDashboard.StartAsync(clock);
        dashboard.Platform.Rollup.Senders.Take(Heard("10.0.0.1", "shop"), 1, Now - (long)(behind * Second), []);
        var skew = (await dashboard.JsonAsync("/api/ingest")).GetProperty("senders")[0].GetProperty("clockSkewSeconds");
        double? told = skew.ValueKind == JsonValueKind.Null ? null : skew.GetDouble();
        Assert.Equal(shown ? behind : null, told);
    }

    [Fact]
    public async Task Only_the_worst_senders_are_named_and_all_are_counted()
    {
        await using var dashboard = await RunningDashboard.StartAsync(clock);
        for (var i = 0; i <= IngestReport.MostSenders; i++)
        {
            dashboard.Platform.Rollup.Senders.Take(Heard("10.0.0.1", $"s{i}"), i, 0, []);
        }

        var report = await dashboard.JsonAsync("/api/ingest");
        Assert.Equal((IngestReport.MostSenders, IngestReport.MostSenders + 1), (report.GetProperty("senders").GetArrayLength(), report.GetProperty("sendersInAll").GetInt32()));
        Assert.DoesNotContain("s0", report.GetProperty("senders").EnumerateArray().Select(s => s.GetProperty("service").GetString()));
    }

    [Fact]
    public async Task Metrics_tell_their_widest_label_and_are_counted_anew_after_five_seconds()
    {
        await using var dashboard = await RunningDashboard.StartAsync(clock);
        Add(dashboard, 3);
        const string Three = """
            [{"name":"app.orders","kind":"counter","series":3,"limit":20000,"overflowed":false,"labels":[{"name":"user","values":3},{"name":"service.name","values":1}]}]
            """;
        Assert.Equal(Three, (await dashboard.JsonAsync("/api/ingest")).GetProperty("metrics").GetRawText());
        Add(dashboard, 4);
        Assert.Equal(Three, (await dashboard.JsonAsync("/api/ingest")).GetProperty("metrics").GetRawText());
        clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(4, (await dashboard.JsonAsync("/api/ingest")).GetProperty("metrics")[0].GetProperty("series").GetInt32());
    }

    [Fact]
    public async Task What_was_not_taken_is_told_by_reason_requests_items_and_remarks_apart()
    {
        await using var dashboard = await RunningDashboard.StartAsync(clock);
        var rollup = dashboard.Platform.Rollup;
        rollup.Refuse(RejectReason.Overloaded);
        rollup.Refuse(RejectReason.TooLarge);
        rollup.Intake.Refuse(RejectReason.TooLarge);
        rollup.Intake.Count(TelemetrySignal.Logs, RejectReason.TooOld, 4);
        rollup.Intake.Count(TelemetrySignal.Metrics, RejectReason.OutOfOrder, 5);
        rollup.Journal.Follow(() => new JournalReading(7, 9, 1));
        var report = await dashboard.JsonAsync("/api/ingest");
        Assert.Equal(
            """[{"reason":"too_large","count":2,"retry":false},{"reason":"overloaded","count":1,"retry":true}]""", report.GetProperty("refused").GetRawText());
        Assert.Equal("""[{"reason":"too_old","count":4}]""", report.GetProperty("rejected").GetRawText());
        Assert.Equal("""[{"reason":"out_of_order","count":5}]""", report.GetProperty("remarks").GetRawText());
        Assert.Equal("""{"bytes":7,"limit":9,"failures":1}""", report.GetProperty("journal").GetRawText());
    }

    private static void Add(RunningDashboard dashboard, int users)
    {
        for (var i = 0; i < users; i++)
        {
            dashboard.Platform.Rollup.Catalog.GetOrAdd(
                SeriesKind.Counter, "", Labels.Of(("__name__", "app.orders"), ("service.name", "shop"), ("user", $"u{i}")), out _);
        }
    }

    private long Now => UnixNanos.Now(clock).Value;

    private HeardBody Heard(string peer, string service) => new()
    {
        Peer = System.Text.Encoding.UTF8.GetBytes(peer),
        Service = System.Text.Encoding.UTF8.GetBytes(service),
        Signal = TelemetrySignal.Metrics,
        Receipt = Now,
        SentBytes = 100,
    };
}
