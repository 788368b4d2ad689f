using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using Google.Protobuf;
using Kpi.Collector.Journal;
using Kpi.Rollups.Intake;
using Kpi.Rollups.Time;
using Kpi.Tests.Collector.Otlp.Json;
using static Kpi.Tests.Collector.OtlpClient;

namespace Kpi.Tests.Collector.Http;

/// <summary>OTLP/HTTP with JSON as senders see it. Numbers are the points of the ingest reference, sections 1.1 to 1.7.</summary>
public sealed class JsonExportTests : IAsyncLifetime
{
    private const string Json = "application/json";

    private ServerBed bed = null!;

    public async Task InitializeAsync() => bed = await ServerBed.StartAsync();

    public async Task DisposeAsync() => await bed.DisposeAsync();

    // Points 12, 12a, 18.
    [Theory]
    [InlineData("application/json")]
    [InlineData("application/json; charset=utf-8")]
    [InlineData("Application/JSON")]
    public async Task Success_is_200_with_an_empty_object_and_the_spans_count(string type)
    {
        AssertIs("{}", 200, await bed.PostAsync(Body(4), type: type));
        Assert.Equal((4, 4), (await bed.CountAsync(), bed.Rollup.Intake.Accepted));
    }

    // Point 4: what HTTP calls deflate is the zlib format.
    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    [InlineData("Deflate")]
    public async Task Compressed_bodies_are_taken_in_both_types(string encoding)
    {
        AssertIs("{}", 200, await bed.PostAsync(Pack(Body(4), encoding), encoding, Json));
        Assert.Equal(200, (await bed.PostAsync(Pack(Good(3).ToByteArray(), encoding), encoding)).Code);
        Assert.Equal(7, await bed.CountAsync());
    }

    [Fact]
    public async Task Every_beginning_of_a_deflated_body_is_refused_and_so_is_one_that_goes_on()
    {
        var whole = Pack(Body(1), "deflate");
        for (var length = 1; length < whole.Length; length++)
        {
            AssertStatus(400, 3, await bed.PostAsync(whole[..length], "deflate", Json));
        }

        AssertStatus(400, 3, await bed.PostAsync([.. whole, 0], "deflate", Json));
        Assert.Equal((whole.Length, 0), (bed.Rollup.Intake[RejectReason.BadCompression], await bed.CountAsync()));
    }

    // Points 7, 8, 10: the limit counts inflated bytes.
    [Fact]
    public Task A_deflate_bomb_is_refused_with_413() => bed.AssertRefusedAsync(RejectReason.TooLarge, async () =>
        AssertStatus(413, 8, await bed.PostAsync(Pack(new byte[80 << 20], "deflate"), "deflate", Json)));

    // Points 14, 16.
    [Fact]
    public async Task Partial_success_says_in_JSON_how_many_items_were_rejected_and_why()
    {
        var request = Good(3);
        request.ResourceSpans[0].ScopeSpans[0].Spans[1].TraceId = ByteString.Empty;
        var answer = await bed.PostAsync(Encoding.UTF8.GetBytes(Transcoding.Format(request)), type: Json);
        AssertIs("""{"partialSuccess":{"rejectedSpans":"1","errorMessage":"1 of 3 spans rejected: invalid_id 1"}}""", 200, answer);
        const string NoTime = """{"resourceMetrics":[{"scopeMetrics":[{"metrics":[{"name":"m","sum":{"aggregationTemporality":1,"isMonotonic":true,"dataPoints":[{"asInt":1}]}}]}]}]}""";
        AssertIs(
            """{"partialSuccess":{"rejectedDataPoints":"1","errorMessage":"1 of 1 data points rejected: no_time 1"}}""",
            200, await bed.PostAsync(Encoding.UTF8.GetBytes(NoTime), type: Json, path: "/v1/metrics"));
        const string TooOld = """{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"timeUnixNano":"1"}]}]}]}""";
        AssertIs(
            """{"partialSuccess":{"rejectedLogRecords":"1","errorMessage":"1 of 1 log records rejected: too_old 1"}}""",
            200, await bed.PostAsync(Encoding.UTF8.GetBytes(TooOld), type: Json, path: "/v1/logs"));
    }

    // Point 20.
    [Fact]
    public Task What_is_no_request_is_refused_with_400_and_a_status_in_JSON_that_says_where() => bed.AssertRefusedAsync(RejectReason.Malformed, async () =>
    {
        const string Words = "the body is not an ExportTraceServiceRequest in JSON: \\\"kind\\\" has a value that it cannot have, at byte 55";
        var answer = await bed.PostAsync("""{"resourceSpans":[{"scopeSpans":[{"spans":[{"kind":    {}}]}]}]}"""u8.ToArray(), type: Json);
        AssertIs(
            $$"""{"code":3,"message":"{{Words}}","details":[{"@type":"type.googleapis.com/google.rpc.BadRequest","fieldViolations":[{"field":"body","description":"{{Words}}"}]}]}""",
            400, answer);
        Assert.Null(answer.Message.Headers.RetryAfter);
    });

    // Points 2, 18, 19, 23: the answer is of the request's type, whatever is wrong with it.
    [Fact]
    public async Task All_refusals_of_JSON_are_answered_in_JSON()
    {
        AssertStatus(404, 12, await bed.PostAsync(Body(1), type: Json, path: "/"));
        AssertStatus(405, 13, await bed.PostAsync(Body(1), type: Json, method: "PUT"));
        AssertStatus(415, 12, await bed.PostAsync(Body(1), "zstd", Json));
        AssertStatus(400, 3, await bed.PostAsync(Body(1), "gzip", Json));
        AssertStatus(400, 3, await bed.PostAsync([], type: Json));
        Assert.Equal(0, await bed.CountAsync());
        await bed.AssertGoodRequestsCountAsync();
        Assert.Empty(bed.Complaints);
    }

    // Points 21, 22.
    [Fact]
    public async Task Overload_carries_RetryInfo_in_JSON()
    {
        await using var small = await ServerBed.StartAsync(o => (o.MaxBytesInFlight, o.RetryAfter) = (1_000, TimeSpan.FromMilliseconds(2_500)));
        var answer = await small.PostAsync(Body(1), type: Json);
        AssertStatus(503, 14, answer);
        var detail = Assert.Single(JsonNode.Parse(answer.Body)!["details"]!.AsArray())!;
        Assert.Equal("type.googleapis.com/google.rpc.RetryInfo", (string)detail["@type"]!);

        // Each sender is told another delay, of once to twice what is set.
        var delay = double.Parse(((string)detail["retryDelay"]!).TrimEnd('s'), System.Globalization.CultureInfo.InvariantCulture);
        Assert.InRange(delay, 2.5, 5);
        Assert.Equal(Math.Ceiling(delay), answer.Message.Headers.RetryAfter!.Delta!.Value.TotalSeconds);
    }

    [Fact]
    public async Task The_same_body_again_is_a_retry_and_gets_the_first_answer_in_its_own_type()
    {
        var request = Good(3);
        request.ResourceSpans[0].ScopeSpans[0].Spans[1].TraceId = ByteString.Empty;
        var body = Encoding.UTF8.GetBytes(Transcoding.Format(request));
        var first = await bed.PostAsync(body, type: Json);
        AssertIs(Encoding.UTF8.GetString(first.Body), 200, await bed.PostAsync(body, type: Json));
        AssertIs(Encoding.UTF8.GetString(first.Body), 200, await bed.PostAsync(Pack(body, "gzip"), "gzip", Json));
        AssertIs(Encoding.UTF8.GetString(first.Body), 200, await bed.PostAsync(Pack(body, "deflate"), "deflate", Json));
        Assert.Equal((2, 3, 2), (await bed.CountAsync(), bed.Rollup.Intake.Repeated, bed.Rollup.Intake.Accepted));
    }

    [Fact]
    public async Task What_was_acknowledged_in_any_encoding_is_counted_after_a_crash_and_known_as_taken()
    {
        string?[] encodings = [null, "gzip", "deflate"];
        var bodies = encodings.SelectMany(e => (byte[][])[Pack(Body(2), e), Pack(Good(3).ToByteArray(), e)]).ToList();
        for (var i = 0; i < bodies.Count; i++)
        {
            Assert.Equal(200, (await SendAsync(bed, i)).Code);
        }

        await using var next = await bed.AfterCrashAsync(new JournalOptions());
        Assert.Equal(15, await next.CountAsync());
        for (var i = 0; i < bodies.Count; i++)
        {
            Assert.Equal(200, (await SendAsync(next, i)).Code);
        }

        Assert.Equal((15, 6), (await next.CountAsync(), next.Rollup.Intake.Repeated));

        Task<HttpAnswer> SendAsync(ServerBed to, int i) => to.PostAsync(bodies[i], encodings[i / 2], i % 2 == 0 ? Json : "application/x-protobuf");
    }

    [Fact]
    public async Task Points_and_records_in_JSON_count()
    {
        var now = UnixNanos.Now(TimeProvider.System).Value.ToString(CultureInfo.InvariantCulture);
        var points = """{"resourceMetrics":[{"scopeMetrics":[{"metrics":[{"name":"m","sum":{"aggregationTemporality":1,"isMonotonic":true,"dataPoints":[{"timeUnixNano":"NOW","asInt":"5"}]}}]}]}]}""";
        AssertIs("{}", 200, await bed.PostAsync(Encoding.UTF8.GetBytes(points.Replace("NOW", now, StringComparison.Ordinal)), type: Json, path: "/v1/metrics"));
        AssertIs("{}", 200, await bed.PostAsync("""{"resourceLogs":[{"scopeLogs":[{"logRecords":[{},{}]}]}]}"""u8.ToArray(), type: Json, path: "/v1/logs"));
        Assert.Equal((1, 2), (bed.Rollup.Intake.AcceptedOf(TelemetrySignal.Metrics), bed.Rollup.Intake.AcceptedOf(TelemetrySignal.Logs)));
    }

    private static byte[] Body(int spans) => Encoding.UTF8.GetBytes(Transcoding.Format(Good(spans)));

    private static byte[] Pack(byte[] bytes, string? encoding)
    {
        if (encoding is null)
        {
            return bytes;
        }

        var packed = new MemoryStream();
        using (Stream to = encoding == "gzip" ? new GZipStream(packed, CompressionLevel.Fastest) : new ZLibStream(packed, CompressionLevel.Fastest))
        {
            to.Write(bytes);
        }

        return packed.ToArray();
    }

    private static void AssertStatus(int http, int code, HttpAnswer answer)
    {
        var status = JsonNode.Parse(answer.Body)!;
        AssertIs(Encoding.UTF8.GetString(answer.Body), http, answer);
        Assert.Equal(code, (int)status["code"]!);
        Assert.NotEmpty((string)status["message"]!);
    }

    private static void AssertIs(string body, int code, HttpAnswer answer)
    {
        Assert.Equal((code, body), (answer.Code, Encoding.UTF8.GetString(answer.Body)));
        Assert.Equal(Json, answer.Message.Content.Headers.ContentType!.ToString());
    }
}
