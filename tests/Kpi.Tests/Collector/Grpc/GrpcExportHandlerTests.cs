using System.Net;
using System.Net.Http.Headers;
using Google.Protobuf;
using Kpi.Rollups.Intake;
using Kpi.Witness;
using static Kpi.Tests.Collector.OtlpClient;

namespace Kpi.Tests.Collector.Grpc;

/// <summary>OTLP/gRPC as senders see it. Numbers and sections are those of the ingest reference.</summary>
public sealed class GrpcExportHandlerTests : IAsyncLifetime
{
    private const string InvalidArgument = "3";
    private const string ResourceExhausted = "8";
    private const string Unimplemented = "12";
    private const string Internal = "13";
    private const string Unavailable = "14";

    private ServerBed bed = null!;

    public async Task InitializeAsync() => bed = await ServerBed.StartAsync();

    public async Task DisposeAsync() => await bed.DisposeAsync();

    // Point 12, section 1.5: an empty message, the status in the trailers.
    [Fact]
    public async Task Success_is_an_empty_message_and_status_0_in_the_trailers()
    {
        var answer = await bed.CallAsync(Good(7));
        Assert.Equal((200, "0"), (answer.Code, answer.Status));
        Assert.Equal(new byte[5], answer.Body);
        Assert.True(answer.Raw.TrailingHeaders.Contains("grpc-status"));
        Assert.Equal("application/grpc", answer.Raw.Content.Headers.ContentType!.MediaType);
        Assert.Equal(7, await bed.CountAsync());
    }

    [Theory]
    [InlineData("application/grpc+proto")]
    [InlineData("application/grpc;charset=utf-8")]
    public async Task The_content_type_may_go_on(string type) => Assert.Equal("0", (await bed.CallAsync(Frame(Good().ToByteArray()), type: type)).Status);

    // Point 13.
    [Fact]
    public async Task An_empty_request_succeeds()
    {
        Assert.Equal("0", (await bed.CallAsync(WireFiles.Read("grpc-empty.bin"))).Status);
        Assert.Equal(0, bed.Rollup.Intake.Accepted);
    }

    // Points 14, 16.
    [Fact]
    public async Task Partial_success_says_how_many_spans_were_rejected_and_why()
    {
        var request = Good(3);
        request.ResourceSpans[0].ScopeSpans[0].Spans[0].EndTimeUnixNano = 0;
        var answer = await bed.CallAsync(request);
        Assert.Equal("0", answer.Status);
        Assert.Equal(1, answer.Response.PartialSuccess.RejectedSpans);
        Assert.Equal("1 of 3 spans rejected: no_time 1", answer.Response.PartialSuccess.ErrorMessage);
        Assert.Equal(2, await bed.CountAsync());
    }

    [Theory]
    [InlineData("grpc-identity.bin", null)]
    [InlineData("grpc-identity.bin", "identity")]
    [InlineData("grpc-identity.bin", "gzip")]
    [InlineData("grpc-gzip.bin", "gzip")]
    public async Task Messages_compressed_or_not_are_taken(string file, string? encoding)
    {
        // The span has no time, so it arrives and is rejected for that.
        var answer = await bed.CallAsync(WireFiles.Read(file), encoding);
        Assert.Equal(("0", 1L), (answer.Status, answer.Response.PartialSuccess.RejectedSpans));
        Assert.Equal(1, bed.Rollup.Intake[RejectReason.NoTime]);
    }

    // Section 1.5: framing.
    [Theory]
    [InlineData("grpc-bad-flag-no-encoding.bin", null)]
    [InlineData("grpc-bad-flag-no-encoding.bin", "identity")]
    [InlineData("grpc-bad-short.bin", null)]
    [InlineData("grpc-bad-two-messages.bin", null)]
    public Task Wrong_framing_is_internal_and_nothing_is_taken(string file, string? encoding) =>
        bed.AssertRefusedAsync(RejectReason.BadFraming, async () => AssertRefused(await bed.CallAsync(WireFiles.Read(file), encoding), Internal));

    [Fact]
    public async Task Every_beginning_of_a_frame_is_wrong_framing()
    {
        var frame = Frame(Good().ToByteArray());
        for (var length = 0; length < frame.Length; length++)
        {
            AssertRefused(await bed.CallAsync(frame[..length]), Internal);
        }

        Assert.Equal(frame.Length, bed.Rollup.Intake[RejectReason.BadFraming]);
        Assert.Equal(0, await bed.CountAsync());
    }

    [Fact]
    public Task A_flag_that_does_not_exist_is_wrong_framing() => bed.AssertRefusedAsync(RejectReason.BadFraming, async () =>
        AssertRefused(await bed.CallAsync(Frame(Good().ToByteArray(), flag: 2), "gzip"), Internal));

    // Points 8, 10 and 2 of section 7.
    [Fact]
    public Task A_length_over_the_limit_is_exhausted_without_retry() => bed.AssertRefusedAsync(RejectReason.TooLarge, async () =>
        AssertRefused(await bed.CallAsync(WireFiles.Read("grpc-bad-length.bin")), ResourceExhausted));

    [Fact]
    public Task A_gzip_bomb_is_exhausted_without_retry() => bed.AssertRefusedAsync(RejectReason.TooLarge, async () =>
        AssertRefused(await bed.CallAsync(Frame(WireFiles.Read("gzip-bomb-80MiB.gz"), flag: 1), "gzip"), ResourceExhausted));

    [Fact]
    public Task What_does_not_inflate_is_an_invalid_argument() => bed.AssertRefusedAsync(RejectReason.BadCompression, async () =>
        AssertRefused(await bed.CallAsync(Frame(WireFiles.Read("gzip-truncated.gz"), flag: 1), "gzip"), InvalidArgument));

    [Fact]
    public Task A_malformed_message_is_an_invalid_argument() => bed.AssertRefusedAsync(RejectReason.Malformed, async () =>
        AssertRefused(await bed.CallAsync(Frame(WireFiles.Read("bad-truncated.pb"))), InvalidArgument));

    // Point 4.
    [Fact]
    public Task Another_encoding_is_unimplemented_and_told_which_are_taken() => bed.AssertRefusedAsync(RejectReason.UnsupportedEncoding, async () =>
    {
        var answer = await bed.CallAsync(Frame(Good().ToByteArray(), flag: 1), "zstd");
        AssertRefused(answer, Unimplemented);
        Assert.Equal("identity,gzip", string.Join(',', answer.Raw.Headers.GetValues("grpc-accept-encoding")).Replace(" ", "", StringComparison.Ordinal));
    });

    // Point 1, section 1.5: UNIMPLEMENTED, not 404.
    [Theory]
    [InlineData("/opentelemetry.proto.collector.profiles.v1development.ProfilesService/Export")]
    [InlineData("/opentelemetry.proto.collector.metrics.v1.MetricsService/Import")]
    [InlineData("/")]
    public Task Another_path_is_unimplemented(string path) => bed.AssertRefusedAsync(RejectReason.UnknownPath, async () =>
        AssertRefused(await bed.CallAsync(Frame(Good().ToByteArray()), path: path), Unimplemented));

    [Theory]
    [InlineData("application/x-protobuf")]
    [InlineData("application/grpcx")]
    [InlineData("application/grpc-web")]
    [InlineData(null)]
    public Task Another_content_type_is_refused_with_415(string? type) => bed.AssertRefusedAsync(RejectReason.UnsupportedContentType, async () =>
        Assert.Equal(415, (await bed.CallAsync(Frame(Good().ToByteArray()), type: type)).Code));

    // Point 11 of section 7.
    [Fact]
    public async Task Data_frames_split_anywhere_are_taken()
    {
        await using var each = await ServerBed.StartAsync(journal: ServerBed.EveryBodyCounts);
        var frame = Frame(Good().ToByteArray());
        for (var split = 1; split < frame.Length; split++)
        {
            Assert.Equal("0", (await each.CallAsync(new PiecesContent(frame, split))).Status);
        }

        var bytes = Enumerable.Range(0, frame.Length).Select(i => (ReadOnlyMemory<byte>)frame.AsMemory(i, 1));
        Assert.Equal("0", (await each.CallAsync(new PiecesContent(bytes))).Status);
        Assert.Equal(frame.Length, await each.CountAsync());
    }

    [Fact]
    public async Task A_message_of_many_frames_is_taken()
    {
        Assert.Equal("0", (await bed.CallAsync(Good(20_000))).Status);
        Assert.Equal(20_000, await bed.CountAsync());
    }

    [Fact]
    public Task A_sender_that_resets_the_stream_in_the_middle_is_counted_as_aborted() => bed.AssertRefusedAsync(RejectReason.Aborted, async () =>
    {
        using var reset = new CancellationTokenSource();
        using var request = new HttpRequestMessage(HttpMethod.Post, Export) { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        request.Content = new StuckContent(Frame(Good().ToByteArray())[..20]);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        var sending = bed.Grpc.SendAsync(request, reset.Token);
        await ((StuckContent)request.Content).Sent;
        await reset.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
        await Wait.UntilAsync(() => bed.Rollup.Intake[RejectReason.Aborted] == 1);
    });

    // Section 1.4: overload is UNAVAILABLE with RetryInfo.
    [Fact]
    public async Task Overload_is_unavailable_and_says_when_to_come_again()
    {
        await using var small = await ServerBed.StartAsync(o => (o.MaxBytesInFlight, o.RetryAfter) = (1_000, TimeSpan.FromSeconds(7)));
        var answer = await small.CallAsync(Good());
        Assert.Equal((200, Unavailable), (answer.Code, answer.Status));
        Assert.DoesNotContain('=', answer.Details!);
        var status = Decode(answer.Details!);
        Assert.Equal((14, answer.Message), (status.Code, status.Message));
        var detail = Assert.Single(status.Details);
        Assert.Equal("type.googleapis.com/google.rpc.RetryInfo", detail.TypeUrl);
        Assert.InRange(RetryInfo.Parser.ParseFrom(detail.Value).RetryDelay.Seconds, 7, 13);
        Assert.Equal(1, small.Rollup.Intake[RejectReason.Overloaded]);
    }

    // Section 1.4: what is undecodable says so in its details.
    private static string? TypeOf(string? details) => details is null ? null : Assert.Single(Decode(details).Details).TypeUrl;

    private static RpcStatus Decode(string details) =>
        RpcStatus.Parser.ParseFrom(Convert.FromBase64String(details.PadRight((details.Length + 3) / 4 * 4, '=')));

    private static void AssertRefused(GrpcAnswer answer, string status)
    {
        Assert.Equal((200, status), (answer.Code, answer.Status));
        Assert.NotEmpty(answer.Message);
        Assert.Equal(status == InvalidArgument ? "type.googleapis.com/google.rpc.BadRequest" : null, TypeOf(answer.Details));
        Assert.Empty(answer.Body);
        Assert.Equal("application/grpc", answer.Raw.Content.Headers.ContentType!.MediaType);
    }

    /// <summary>Sends some bytes and then nothing, without an end.</summary>
    private sealed class StuckContent(byte[] bytes) : HttpContent
    {
        private readonly TaskCompletionSource sent = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Sent => sent.Task;

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, default);

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
        {
            await stream.WriteAsync(bytes, cancellationToken);
            await stream.FlushAsync(cancellationToken);
            sent.SetResult();
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
