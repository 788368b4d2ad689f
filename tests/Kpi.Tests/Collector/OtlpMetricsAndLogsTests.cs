using Google.Protobuf;
using Kpi.Rollups.Intake;
using Kpi.Rollups.Time;
using Kpi.SloEngine.Queries;
using Kpi.SloEngine.Status;
using Kpi.Tests.SloEngine.Queries;
using Kpi.Witness;
using static Kpi.Tests.Collector.OtlpClient;
using static Kpi.Tests.Collector.TestPoints;

namespace Kpi.Tests.Collector;

/// <summary>Metrics and logs over both protocols, from the wire through the store to what <c>/api/series</c> is made of.</summary>
public sealed class OtlpMetricsAndLogsTests : IAsyncLifetime
{
    private const string Metrics = "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export";
    private const string Logs = "/opentelemetry.proto.collector.logs.v1.LogsService/Export";

    private readonly ulong begun = Now - 60_000_000_000;
    private ServerBed bed = null!;

    private static ulong Now => (ulong)UnixNanos.Now(TimeProvider.System).Value;

    public async Task InitializeAsync() => bed = await ServerBed.StartAsync();

    public async Task DisposeAsync() => await bed.DisposeAsync();

    [Fact]
    public async Task Sums_over_both_protocols_plain_and_gzip_add_up_before_and_after_a_flush()
    {
        var now = Now;
        await TakenAsync(now - 3_000_000_000, 100);
        var grpc = await bed.CallAsync(Frame(Gzip(Total(now - 2_000_000_000, 130).ToByteArray()), flag: 1), "gzip", path: Metrics);
        Assert.Equal(("0", 5), (grpc.Status, grpc.Body.Length));
        await bed.Rollup.Flusher.FlushAsync(CancellationToken.None);
        var http = await bed.PostAsync(Gzip(Total(now - 1_000_000_000, 150).ToByteArray()), "gzip", path: "/v1/metrics");
        Assert.Equal((200, 0), (http.Code, http.Body.Length));
        await AssertSeriesAsync(150, 150, 3);
        await bed.Rollup.Flusher.FlushAsync(CancellationToken.None);
        await AssertSeriesAsync(150, 150, 3);

        // A point that was counted comes again in another body: it adds nothing, and only we are told so.
        var again = Total(now - 1_000_000_000, 150);
        again.ResourceMetrics[0].SchemaUrl = "https://opentelemetry.io/schemas/1.44.0";
        Assert.Equal("0", (await bed.CallAsync(Frame(again.ToByteArray()), path: Metrics)).Status);
        await AssertSeriesAsync(150, 150, 3);
        Assert.Equal(1, bed.Rollup.Intake[TelemetrySignal.Metrics, RejectReason.DuplicatePoint]);
        Assert.Equal((4, 0), (bed.Rollup.Intake.AcceptedOf(TelemetrySignal.Metrics), bed.Rollup.Intake.Accepted));
        Assert.Empty(bed.Complaints);
    }

    [Fact]
    public async Task Every_kind_of_metric_is_an_empty_success_over_both_protocols()
    {
        var http = await bed.PostAsync(Request(OfOtherKinds(Now)).ToByteArray(), path: "/v1/metrics");
        Assert.Equal((200, 0), (http.Code, http.Body.Length));
        var grpc = await bed.CallAsync(Frame(Request(OfOtherKinds(Now)).ToByteArray()), path: Metrics);
        Assert.Equal(("0", 5), (grpc.Status, grpc.Body.Length));
        Assert.Equal(10, bed.Rollup.Intake.AcceptedOf(TelemetrySignal.Metrics));
    }

    [Fact]
    public async Task Logs_become_counters_by_service_severity_and_event_through_both_protocols_a_flush_and_a_crash()
    {
        var records = new ScopeLogs { LogRecords = { new LogRecord { SeverityNumber = 17, EventName = "checkout" }, new LogRecord { SeverityNumber = 9 } } };
        var resource = new Resource { Attributes = { TestSpans.Attribute("service.name=shop") } };
        var request = new ExportLogsServiceRequest { ResourceLogs = { new ResourceLogs { Resource = resource, ScopeLogs = { records } } } };
        var http = await bed.PostAsync(request.ToByteArray(), path: "/v1/logs");
        Assert.Equal((200, 0), (http.Code, http.Body.Length));
        var again = await bed.CallAsync(Frame(request.ToByteArray()), path: Logs);
        Assert.Equal(("0", 1L), (again.Status, bed.Rollup.Intake.Repeated));
        records.LogRecords.Add(new LogRecord { SeverityNumber = 20, EventName = "checkout" });
        await bed.Rollup.Flusher.FlushAsync(CancellationToken.None);
        Assert.Equal("0", (await bed.CallAsync(Frame(request.ToByteArray()), path: Logs)).Status);
        Assert.Equal((3, 2, 5), (bed.Rollup.Intake.LogRecordsOf(LogSeverity.Error), bed.Rollup.Intake.LogRecordsOf(LogSeverity.Info), bed.Rollup.Intake.AcceptedOf(TelemetrySignal.Logs)));

        await using var next = await bed.AfterCrashAsync();
        foreach (var each in (ServerBed[])[bed, next])
        {
            Assert.Equal(
                [("error", "checkout", "shop", 3.0), ("info", "", "shop", 2.0)],
                (await SeriesAsync(each, "log_records_total")).Select(s => (s.Labels["severity"], s.Labels.GetValueOrDefault("event.name", ""), s.Labels["service.name"], s.Increase!.Value)).Order());
        }
    }

    [Fact]
    public async Task Partial_success_counts_data_points_and_says_why()
    {
        var bad = Total(0, 1);
        bad.ResourceMetrics.Add(Total(Now, 5).ResourceMetrics);
        var answer = ExportMetricsServiceResponse.Parser.ParseFrom((await bed.PostAsync(bad.ToByteArray(), path: "/v1/metrics")).Body).PartialSuccess;
        Assert.Equal((1L, "1 of 2 data points rejected: no_time 1"), (answer.RejectedDataPoints, answer.ErrorMessage));
    }

    [Theory]
    [InlineData("/v1/metrics", "ExportMetricsServiceRequest")]
    [InlineData("/v1/logs", "ExportLogsServiceRequest")]
    public Task A_malformed_body_is_refused_in_the_words_of_its_signal(string path, string request) => bed.AssertRefusedAsync(RejectReason.Malformed, async () =>
    {
        byte[] malformed = [0x0A, 0x7F];
        var http = await bed.PostAsync(malformed, path: path);
        Assert.Equal((400, 3), (http.Code, http.Status.Code));
        Assert.Contains(request, http.Status.Message);
    });

    [Fact]
    public async Task A_malformed_message_over_grpc_is_an_invalid_argument()
    {
        foreach (var method in (string[])[Metrics, Logs])
        {
            Assert.Equal("3", (await bed.CallAsync(Frame([0x0A, 0x7F]), path: method)).Status);
            Assert.Equal("0", (await bed.CallAsync(Frame([]), path: method)).Status);
        }

        Assert.Equal(2, bed.Rollup.Intake[RejectReason.Malformed]);
    }

    // Requests of one sender may be decoded at once and come to the lane in any order; totals telescope.
    [Fact]
    public async Task Requests_in_flight_together_count_every_event_once_in_whatever_order_they_arrive()
    {
        const int Requests = 200;
        var now = Now;
        await TakenAsync(now - 20_000_000_000, 7);
        await Task.WhenAll(Enumerable.Range(1, Requests).Select(i => bed.PostAsync(Total(now - 20_000_000_000 + ((ulong)i * 1_000_000), 7 + (3 * i)).ToByteArray(), path: "/v1/metrics")));
        var series = Assert.Single(await SeriesAsync());
        Assert.Equal(7 + (3 * Requests), series.Increase);
        Assert.Equal(7 + (3 * Requests), series.Last);
    }

    private ExportMetricsServiceRequest Total(ulong time, long value)
    {
        var point = Point(value);
        point.TimeUnixNano = time;
        point.StartTimeUnixNano = begun;
        return Request(Cumulative(point));
    }

    private async Task TakenAsync(ulong time, long value)
    {
        var answer = await bed.PostAsync(Total(time, value).ToByteArray(), path: "/v1/metrics");
        Assert.Equal((200, 0), (answer.Code, answer.Body.Length));
    }

    private async Task AssertSeriesAsync(double increase, double last, long count)
    {
        var series = Assert.Single(await SeriesAsync());
        Assert.Equal(("counter", increase, last, count), (series.Kind, series.Increase!.Value, series.Last!.Value, series.Count));
        Assert.Equal("shop", series.Labels["service.name"]);
    }

    private Task<IReadOnlyList<SeriesStatus>> SeriesAsync() => SeriesAsync(bed, "app_orders_total");

    private static async Task<IReadOnlyList<SeriesStatus>> SeriesAsync(ServerBed bed, string selector)
    {
        var totals = new SeriesTotals(SeriesSelectorTests.Parse(selector), most: 100);
        var range = SliceRange.EndingAt(UnixNanos.Now(TimeProvider.System), TimeSpan.FromMinutes(5));
        await bed.Rollup.Reader.ReadAsync(range, totals, totals, CancellationToken.None);
        return totals.ToStatus();
    }
}
