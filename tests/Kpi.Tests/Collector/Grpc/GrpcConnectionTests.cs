using System.Buffers.Binary;
using Google.Protobuf;
using Kpi.Rollups.Intake;
using static Kpi.Tests.Collector.OtlpClient;

namespace Kpi.Tests.Collector.Grpc;

/// <summary>Section 1.5 of the ingest reference, frame by frame: what the server says and does on the connection itself.</summary>
public sealed class GrpcConnectionTests : IAsyncLifetime
{
    private const ushort MaxConcurrentStreams = 3;
    private const uint NoError = 0;

    private ServerBed bed = null!;

    public async Task InitializeAsync() => bed = await ServerBed.StartAsync(o => o.MaxStreamsPerConnection = 7);

    public async Task DisposeAsync() => await bed.DisposeAsync();

    // A reset with another code would hide the early answer from the client: grpc then reports CANCELLED or INTERNAL.
    [Theory]
    [InlineData("/nowhere")]
    [InlineData(Export)]
    public async Task An_early_answer_to_an_unread_body_ends_with_a_reset_that_is_no_error(string path)
    {
        await using var raw = await RawHttp2.ConnectAsync(bed.Options.Grpc);
        await raw.CallAsync(1, path);

        // A length over the limit is refused when its five bytes are there; the stream stays open on our side.
        await raw.SendAsync(new Http2Frame(Http2Frame.DataType, 0, 1, [0, 0x7F, 0xFF, 0xFF, 0xFF]));
        var answered = await raw.NextAsync(f => f.Stream == 1 && f.Type is Http2Frame.HeadersType or Http2Frame.ResetType);
        Assert.Equal(Http2Frame.HeadersType, answered.Type);
        var reset = await raw.NextAsync(f => f.Stream == 1 && f.Type == Http2Frame.ResetType);
        Assert.Equal(NoError, reset.ErrorCode);
        Assert.Equal(1, bed.Rollup.Intake[path == Export ? RejectReason.TooLarge : RejectReason.UnknownPath]);

        // The connection lives on.
        await CallWholeAsync(raw, 3);
    }

    // Clients of grpc ping every 10 s; grpc-go's server would answer ENHANCE_YOUR_CALM to more than one in 5 min.
    [Fact]
    public async Task Keep_alive_pings_are_answered_and_not_punished()
    {
        await using var raw = await RawHttp2.ConnectAsync(bed.Options.Grpc);
        for (byte i = 0; i < 200; i++)
        {
            await raw.SendAsync(new Http2Frame(Http2Frame.PingType, 0, 0, [0, 0, 0, 0, 0, 0, 0, i]));
            var pong = await raw.NextAsync(f => f is { Type: Http2Frame.PingType, Flags: Http2Frame.Ack });
            Assert.Equal(i, pong.Payload[7]);
        }

        await CallWholeAsync(raw, 1);
    }

    [Fact]
    public async Task The_server_says_how_many_calls_a_connection_may_have_under_way()
    {
        await using var raw = await RawHttp2.ConnectAsync(bed.Options.Grpc);
        var settings = await raw.NextAsync(f => f is { Type: Http2Frame.SettingsType, Flags: 0 });
        var said = settings.Payload.Chunk(6).ToDictionary(
            s => BinaryPrimitives.ReadUInt16BigEndian(s), s => BinaryPrimitives.ReadUInt32BigEndian(s.AsSpan(2)));
        Assert.Equal(7u, said[MaxConcurrentStreams]);
    }

    // The prefix of five bytes falls into five frames, with empty ones between.
    [Fact]
    public async Task A_prefix_split_over_frames_is_one_prefix()
    {
        await using var raw = await RawHttp2.ConnectAsync(bed.Options.Grpc);
        await raw.CallAsync(1, Export);
        var frame = Frame(Good().ToByteArray());
        foreach (var one in frame.Take(5))
        {
            await raw.SendAsync(new Http2Frame(Http2Frame.DataType, 0, 1, [one]));
            await raw.SendAsync(new Http2Frame(Http2Frame.DataType, 0, 1, []));
        }

        await raw.SendAsync(new Http2Frame(Http2Frame.DataType, Http2Frame.EndStream, 1, frame[5..]));
        await raw.NextAsync(f => f is { Stream: 1, Type: Http2Frame.HeadersType } && (f.Flags & Http2Frame.EndStream) != 0);
        Assert.Equal(1, await bed.CountAsync());
    }

    [Fact]
    public async Task More_calls_than_allowed_wait_in_a_client_and_all_are_taken()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => bed.CallAsync(Good(2))));
        Assert.All(answers, a => Assert.Equal("0", a.Status));
    }

    // Point 24: allowed, not worth it for some bytes, and never done; neither are errors.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Answers_are_never_compressed_whatever_the_sender_takes(bool good)
    {
        bed.Grpc.DefaultRequestHeaders.Add("grpc-accept-encoding", "gzip");
        bed.Http.DefaultRequestHeaders.Add("Accept-Encoding", "gzip");
        var request = Good(2);
        request.ResourceSpans[0].ScopeSpans[0].Spans[0].EndTimeUnixNano = 0;
        var grpc = good ? await bed.CallAsync(request) : await bed.CallAsync([1, 2, 3]);
        Assert.Equal(good ? 0 : -1, grpc.Body.Length == 0 ? -1 : grpc.Body[0]);
        Assert.False(grpc.Raw.Headers.Contains("grpc-encoding"));
        var http = good ? await bed.PostAsync(request) : await bed.PostAsync([1, 2, 3]);
        Assert.Empty(http.Message.Content.Headers.ContentEncoding);
        Assert.NotEmpty(good ? http.Response.PartialSuccess.ErrorMessage : http.Status.Message);
    }

    // Section 1.5: percent-encoded, so that it can be decoded to what the HTTP answer says in its Status.
    [Fact]
    public async Task A_message_is_the_same_over_both_protocols_once_decoded()
    {
        var grpc = await bed.CallAsync(Frame([0xFF]));
        var http = await bed.PostAsync([0xFF]);
        Assert.Equal(http.Status.Message, Uri.UnescapeDataString(grpc.Message));
        Assert.All(grpc.Message, c => Assert.InRange(c, ' ', '~'));
    }

    private static async Task CallWholeAsync(RawHttp2 raw, int stream)
    {
        await raw.CallAsync(stream, Export);
        await raw.SendAsync(new Http2Frame(Http2Frame.DataType, Http2Frame.EndStream, stream, Frame(Good().ToByteArray())));
        await raw.NextAsync(f => f.Stream == stream && f.Type == Http2Frame.HeadersType && (f.Flags & Http2Frame.EndStream) != 0);
    }
}
