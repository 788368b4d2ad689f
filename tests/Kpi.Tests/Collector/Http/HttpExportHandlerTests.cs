using System.Net;
using System.Net.Sockets;
using System.Text;
using Google.Protobuf;
using Kpi.Rollups.Identity;
using Kpi.Rollups.Intake;
using Kpi.Witness;
using static Kpi.Tests.Collector.OtlpClient;

namespace Kpi.Tests.Collector.Http;

/// <summary>OTLP/HTTP as senders see it. Numbers are the points of the ingest reference, sections 1.1 to 1.6.</summary>
public sealed class HttpExportHandlerTests : IAsyncLifetime
{
    private ServerBed bed = null!;

    public async Task InitializeAsync() => bed = await ServerBed.StartAsync();

    public async Task DisposeAsync() => await bed.DisposeAsync();

    // Points 12, 12a.
    [Fact]
    public async Task Success_is_exactly_200_with_an_empty_message_of_the_same_type()
    {
        var answer = await bed.PostAsync(Good(7));
        Assert.Equal((200, 0), (answer.Code, answer.Body.Length));
        Assert.Equal("application/x-protobuf", answer.Message.Content.Headers.ContentType!.MediaType);
        Assert.Equal(7, await bed.CountAsync());
        Assert.Equal(7, bed.Rollup.Intake.Accepted);
    }

    [Theory]
    [InlineData("application/x-protobuf; charset=utf-8")]
    [InlineData("APPLICATION/X-Protobuf")]
    public async Task The_content_type_may_have_parameters_and_any_case(string type) =>
        Assert.Equal(200, (await bed.PostAsync(Good().ToByteArray(), type: type)).Code);

    // Point 13.
    [Fact]
    public async Task An_empty_request_succeeds()
    {
        var answer = await bed.PostAsync([]);
        Assert.Equal((200, 0), (answer.Code, answer.Body.Length));
        Assert.Equal((0, 0), (bed.Rollup.Intake.Accepted, await bed.CountAsync()));
    }

    // Points 14, 16.
    [Fact]
    public async Task Partial_success_says_how_many_spans_were_rejected_and_why()
    {
        var request = Good(3);
        request.ResourceSpans[0].ScopeSpans[0].Spans[1].TraceId = ByteString.Empty;
        var answer = await bed.PostAsync(request);
        Assert.Equal(200, answer.Code);
        Assert.Equal(1, answer.Response.PartialSuccess.RejectedSpans);
        Assert.Equal("1 of 3 spans rejected: invalid_id 1", answer.Response.PartialSuccess.ErrorMessage);
        Assert.Equal((2, 1), (bed.Rollup.Intake.Accepted, bed.Rollup.Intake[RejectReason.InvalidId]));
        Assert.Equal(2, await bed.CountAsync());
    }

    // Points 4, 18; the encoding's name in any case (RFC 9110, 8.4.1).
    [Theory]
    [InlineData("gzip")]
    [InlineData("GZIP")]
    public async Task Gzip_is_taken(string encoding)
    {
        Assert.Equal(200, (await bed.PostAsync(Gzip(Good(4).ToByteArray()), encoding)).Code);
        Assert.Equal(4, await bed.CountAsync());
    }

    // No bytes at all, said to be gzip, are no gzip; but nothing is lost, so it is the empty request.
    [Fact]
    public async Task An_empty_body_said_to_be_gzip_is_an_empty_request() => Assert.Equal(200, (await bed.PostAsync([], "gzip")).Code);

    [Theory]
    [InlineData("identity")]
    [InlineData("Identity")]
    [InlineData("")]
    public async Task No_encoding_may_be_said_in_words(string encoding) => Assert.Equal(200, (await bed.PostAsync(Good().ToByteArray(), encoding)).Code);

    [Theory]
    [InlineData("good-trace.pb.gz")]
    [InlineData("gzip-two-members.gz")]
    public async Task Gzip_of_one_member_or_two_gives_its_span(string file)
    {
        // The span has no time, so it arrives and is rejected for that.
        var answer = await bed.PostAsync(WireFiles.Read(file), "gzip");
        Assert.Equal((200, 1), (answer.Code, answer.Response.PartialSuccess.RejectedSpans));
        Assert.Equal(1, bed.Rollup.Intake[RejectReason.NoTime]);
    }

    // Point 20.
    [Fact]
    public Task A_malformed_body_is_refused_with_400() => bed.AssertRefusedAsync(RejectReason.Malformed, async () =>
    {
        var answer = await bed.PostAsync(WireFiles.Read("bad-truncated.pb"));
        AssertStatus(answer, 400, 3);
        Assert.Null(answer.Message.Headers.RetryAfter);
        AssertBadRequest(answer.Status);
    });

    [Theory]
    [InlineData("bad-json-as-protobuf.pb")]
    [InlineData("bad-length-huge-varint.pb")]
    [InlineData("bad-length-overrun.pb")]
    public Task Whatever_is_malformed_is_counted_once(string file) =>
        bed.AssertRefusedAsync(RejectReason.Malformed, async () => AssertStatus(await bed.PostAsync(WireFiles.Read(file)), 400, 3));

    [Theory]
    [InlineData("gzip-truncated.gz")]
    [InlineData("example-trace.pb")]
    public Task What_does_not_inflate_is_refused_with_400(string file) =>
        bed.AssertRefusedAsync(RejectReason.BadCompression, async () => AssertStatus(await bed.PostAsync(WireFiles.Read(file), "gzip"), 400, 3));

    [Fact]
    public async Task Every_beginning_of_a_gzip_body_is_refused()
    {
        var gzip = Gzip(Good().ToByteArray());
        for (var length = 1; length < gzip.Length; length++)
        {
            Assert.Equal(400, (await bed.PostAsync(gzip[..length], "gzip")).Code);
        }

        Assert.Equal(gzip.Length - 1, bed.Rollup.Intake[RejectReason.BadCompression]);
        Assert.Equal(0, await bed.CountAsync());
    }

    // Points 7, 8, 10 and 1 of section 7: the limit counts inflated bytes, and the answer is 413, which is not retried.
    [Fact]
    public Task A_gzip_bomb_is_refused_with_413() => bed.AssertRefusedAsync(RejectReason.TooLarge, async () =>
    {
        var answer = await bed.PostAsync(WireFiles.Read("gzip-bomb-80MiB.gz"), "gzip");
        AssertStatus(answer, 413, 8);
        Assert.Empty(answer.Status.Details);
        Assert.Null(answer.Message.Headers.RetryAfter);
        Assert.Contains("67108864", answer.Status.Message);
    });

    [Fact]
    public Task A_length_over_the_limit_is_refused_before_the_body_is_there() => bed.AssertRefusedAsync(RejectReason.TooLarge, async () =>
    {
        var answer = await RawAsync("POST /v1/traces HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-protobuf\r\nContent-Length: 104857600\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 413 ", answer);
    });

    // Points 18, 19.
    [Theory]
    [InlineData("text/json")]
    [InlineData("text/plain")]
    [InlineData("application/grpc")]
    [InlineData("application/x-protobufx")]
    [InlineData(null)]
    public Task Another_content_type_is_refused_with_415(string? type) => bed.AssertRefusedAsync(RejectReason.UnsupportedContentType, async () =>
        AssertStatus(await bed.PostAsync(Good().ToByteArray(), type: type), 415, 13));

    // Point 23.
    [Theory]
    [InlineData("zstd")]
    [InlineData("br")]
    [InlineData("gzip, gzip")]
    public Task Another_encoding_is_refused_with_415_and_says_which_is_taken(string encoding) => bed.AssertRefusedAsync(RejectReason.UnsupportedEncoding, async () =>
    {
        var answer = await bed.PostAsync(Good().ToByteArray(), encoding);
        AssertStatus(answer, 415, 12);
        Assert.Equal("gzip, deflate", answer.Message.Headers.GetValues("Accept-Encoding").Single());
    });

    // Points 2, 19.
    [Theory]
    [InlineData("/")]
    [InlineData("/v1/traces/")]
    [InlineData("/v1development/profiles")]
    [InlineData("/v1/metrics/")]
    [InlineData("/V1/TRACES")]
    public Task Another_path_is_refused_with_404_and_names_the_right_one(string path) => bed.AssertRefusedAsync(RejectReason.UnknownPath, async () =>
    {
        var answer = await bed.PostAsync(Good().ToByteArray(), path: path);
        AssertStatus(answer, 404, 12);
        Assert.Contains("/v1/traces", answer.Status.Message);
    });

    [Theory]
    [InlineData("GET")]
    [InlineData("PUT")]
    [InlineData("OPTIONS")]
    [InlineData("BREW")]
    public Task Another_method_is_refused_with_405_and_says_which_is_taken(string method) => bed.AssertRefusedAsync(RejectReason.UnsupportedMethod, async () =>
    {
        var answer = await bed.PostAsync([], method: method);
        AssertStatus(answer, 405, 13);
        Assert.Equal(["POST"], answer.Message.Content.Headers.Allow);
    });

    [Fact]
    public Task A_head_request_is_refused_without_a_body() => bed.AssertRefusedAsync(RejectReason.UnsupportedMethod, async () =>
    {
        var answer = await bed.PostAsync([], method: "HEAD");
        Assert.Equal((405, 0), (answer.Code, answer.Body.Length));
    });

    // Point 27.
    [Fact]
    public async Task Chunked_bodies_split_anywhere_are_taken()
    {
        await using var each = await ServerBed.StartAsync(journal: ServerBed.EveryBodyCounts);
        var body = Good().ToByteArray();
        for (var split = 1; split < body.Length; split++)
        {
            Assert.Equal(200, (await each.SendAsync(new PiecesContent(body, split))).Code);
        }

        var bytes = Enumerable.Range(0, body.Length).Select(i => (ReadOnlyMemory<byte>)body.AsMemory(i, 1));
        Assert.Equal(200, (await each.SendAsync(new PiecesContent(bytes))).Code);
        Assert.Equal(body.Length, await each.CountAsync());
    }

    [Fact]
    public Task A_sender_that_goes_away_in_the_middle_is_counted_as_aborted() => bed.AssertRefusedAsync(RejectReason.Aborted, async () =>
    {
        // The server asks for the body when it begins to read; a reset before that would take the request away unseen.
        using var socket = await SendRawAsync("POST /v1/traces HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-protobuf\r\nContent-Length: 500\r\nExpect: 100-continue\r\n\r\n");
        Assert.NotEqual(0, await socket.ReceiveAsync(new byte[100]));
        await socket.SendAsync("abc"u8.ToArray());
        socket.LingerState = new LingerOption(true, 0);
        socket.Close();
        await Wait.UntilAsync(() => bed.Rollup.Intake[RejectReason.Aborted] == 1);
    });

    [Fact]
    public Task A_sender_that_closes_in_the_middle_is_counted_as_aborted() => bed.AssertRefusedAsync(RejectReason.Aborted, async () =>
    {
        using var socket = await SendRawAsync("POST /v1/traces HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-protobuf\r\nContent-Length: 500\r\n\r\nabc");
        socket.Shutdown(SocketShutdown.Send);
        await Wait.UntilAsync(() => bed.Rollup.Intake[RejectReason.Aborted] == 1);
    });

    [Fact]
    public Task Chunks_that_are_none_are_counted_as_aborted_and_answered_with_a_status() => bed.AssertRefusedAsync(RejectReason.Aborted, async () =>
    {
        var answer = await RawAsync("POST /v1/traces HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-protobuf\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n");
        Assert.StartsWith("HTTP/1.1 400 ", answer);
        Assert.Contains("application/x-protobuf", answer);
    });

    // Points 21, 22 and 3 of section 7: overload is 503 with Retry-After, never 500.
    [Fact]
    public async Task Overload_is_answered_with_503_and_when_to_come_again()
    {
        await using var small = await ServerBed.StartAsync(o => (o.MaxBytesInFlight, o.RetryAfter) = (1_000, TimeSpan.FromMilliseconds(2_500)));
        var answer = await small.PostAsync(Good());
        AssertStatus(answer, 503, 14);
        var retry = RetryInfo.Parser.ParseFrom(Assert.Single(answer.Status.Details).Value).RetryDelay;
        var delay = TimeSpan.FromSeconds(retry.Seconds) + TimeSpan.FromMicroseconds(retry.Nanos / 1_000.0);
        Assert.InRange(delay, TimeSpan.FromSeconds(2.5), TimeSpan.FromSeconds(5));
        Assert.Equal(Math.Ceiling(delay.TotalSeconds), answer.Message.Headers.RetryAfter!.Delta!.Value.TotalSeconds);
        Assert.Equal((1, 0), (small.Rollup.Intake[RejectReason.Overloaded], small.Rollup.Intake.Accepted));
    }

    [Fact]
    public async Task Full_memory_for_cells_is_overload_too_and_nothing_of_the_request_is_counted()
    {
        await using var full = await ServerBed.StartAsync(limits: new RollupLimits { UncommittedBytes = 1 });
        Assert.Equal(200, (await full.PostAsync(Good())).Code);
        AssertStatus(await full.PostAsync(Good()), 503, 14);
        Assert.Equal((1, 1), (full.Rollup.Intake[RejectReason.Overloaded], full.Rollup.Intake.Accepted));
        Assert.Equal(1, await full.CountAsync());
    }

    [Fact]
    public async Task A_body_of_exactly_the_limit_is_taken_and_one_byte_more_is_not()
    {
        // Unknown fields fill it up.
        byte[] Filled(int bytes) => [.. Good().ToByteArray(), .. Otlp.WireBytes.Field(1_000, new byte[bytes])];
        var room = 65_536 - Filled(60_000).Length + 60_000;
        await using var small = await ServerBed.StartAsync(o => o.MaxRequestBytes = 65_536);
        Assert.Equal(65_536, Filled(room).Length);
        Assert.Equal(200, (await small.PostAsync(Filled(room))).Code);
        Assert.Equal(200, (await small.PostAsync(Gzip(Filled(room)), "gzip")).Code);
        Assert.Equal(200, (await small.SendAsync(new PiecesContent(Filled(room), 100))).Code);
        Assert.Equal(413, (await small.PostAsync(Filled(room + 1))).Code);
        Assert.Equal(413, (await small.PostAsync(Gzip(Filled(room + 1)), "gzip")).Code);
        Assert.Equal(413, (await small.SendAsync(new PiecesContent(Filled(room + 1), 100))).Code);
        Assert.Equal((3, 3), (small.Rollup.Intake[RejectReason.TooLarge], await small.CountAsync()));
    }

    // google.rpc.BadRequest: field_violations 1 { field 1, description 2 }.
    private static void AssertBadRequest(RpcStatus status)
    {
        var detail = Assert.Single(status.Details);
        Assert.Equal("type.googleapis.com/google.rpc.BadRequest", detail.TypeUrl);
        Assert.Equal(Otlp.WireBytes.Field(1, [.. Otlp.WireBytes.Field(1, "body"u8.ToArray()), .. Otlp.WireBytes.Field(2, Encoding.UTF8.GetBytes(status.Message))]), detail.Value.ToByteArray());
    }

    private static void AssertStatus(HttpAnswer answer, int http, int code)
    {
        Assert.Equal((http, code), (answer.Code, answer.Status.Code));
        Assert.NotEmpty(answer.Status.Message);
        Assert.Equal("application/x-protobuf", answer.Message.Content.Headers.ContentType!.MediaType);
    }

    private async Task<string> RawAsync(string request)
    {
        using var socket = await SendRawAsync(request);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        var answer = new byte[8192];
        var length = await socket.ReceiveAsync(answer, limit.Token);
        return Encoding.Latin1.GetString(answer, 0, length);
    }

    private async Task<Socket> SendRawAsync(string request)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, bed.Options.Http.Port));
        await socket.SendAsync(Encoding.Latin1.GetBytes(request));
        return socket;
    }
}
