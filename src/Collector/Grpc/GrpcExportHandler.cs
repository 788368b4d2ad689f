using System.Buffers.Binary;
using System.Globalization;
using Kpi.Collector.Admission;
using Kpi.Collector.Doors;
using Kpi.Collector.Otlp;
using Kpi.Rollups.Intake;
using Microsoft.AspNetCore.Http;

namespace Kpi.Collector.Grpc;

/// <summary>
/// Unary OTLP/gRPC by hand: five bytes of frame (flag, big-endian length), the message, and the status in the trailers.
/// Source: grpc/grpc doc/PROTOCOL-HTTP2.md.
/// </summary>
internal sealed class GrpcExportHandler(SignalIntakes intakes, BytesInFlight budget, CollectorOptions options, RetryDelays delays, TimeProvider clock)
{
    private const int FrameBytes = 5;
    private const byte NotCompressed = 0;
    private const byte Compressed = 1;

    private static readonly byte[] EmptyMessage = new byte[FrameBytes];

    /// <param name="unwelcome">Why the request is not taken whatever it says; null when it may be.</param>
    public async Task HandleAsync(HttpContext context, RejectReason? unwelcome)
    {
        var type = context.Request.ContentType;
        if (type is null || !IsGrpc(type))
        {
            intakes.Refuse(RejectReason.UnsupportedContentType, context);
            context.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            return;
        }

        context.Response.ContentType = "application/grpc";
        context.Response.Headers["grpc-accept-encoding"] = "identity,gzip";
        var intake = intakes.ByGrpcPath(context.Request.Path.Value);
        if (unwelcome is not null || intake is null)
        {
            Refuse(context, unwelcome ?? RejectReason.UnknownPath);
            return;
        }

        var deadline = GrpcDeadline.Of(context.Request.Headers["grpc-timeout"], clock);

        using var body = new BodyBuffer(budget, options.MaxRequestBytes + FrameBytes);
        using var inflated = new BodyBuffer(budget, options.MaxRequestBytes);
        var reason = await ReadAsync(context, body, inflated).ConfigureAwait(false);
        if (reason is not null || deadline.IsOver)
        {
            Refuse(context, reason ?? RejectReason.DeadlineExceeded);
            return;
        }

        var message = body.Written[FrameBytes..];
        var received = body.Written.Span[0] == Compressed
            ? new ReceivedBody(message, inflated.Written, BodyEncoding.Gzip, Peer.Of(context))
            : new ReceivedBody(message, message, BodyEncoding.Identity, Peer.Of(context));
        var taking = intake.TakeAsync(received).AsTask();
        if (!await deadline.IsMetByAsync(taking).ConfigureAwait(false))
        {
            // The body goes its way and is counted; its sender, who comes again, gets the answer then. Until then it holds the buffers.
            Answer(context, Refusal.Of(RejectReason.DeadlineExceeded, options, intake.Signal));
            await context.Response.CompleteAsync().ConfigureAwait(false);
            await taking.ConfigureAwait(false);
            return;
        }

        var outcome = await taking.ConfigureAwait(false);
        if (outcome.Refused is { } refused)
        {
            Answer(context, Refusal.Of(refused, options, intake.Signal));
            return;
        }

        var answer = outcome.Answer.Length > 0 ? Frame(outcome.Answer) : EmptyMessage;
        await context.Response.BodyWriter.WriteAsync(answer, CancellationToken.None).ConfigureAwait(false);
        context.Response.AppendTrailer("grpc-status", "0");
    }

    private async ValueTask<RejectReason?> ReadAsync(HttpContext context, BodyBuffer body, BodyBuffer inflated) =>
        await RequestBody.ReadAsync(context, body, AnnouncesTooMuch).ConfigureAwait(false) ?? Unpack(context, body, inflated);

    // The length is looked at as soon as it is there, so that a request that is too large is refused before it is read.
    private RejectReason? AnnouncesTooMuch(BodyBuffer body)
    {
        if (body.Length < FrameBytes)
        {
            return null;
        }

        var announced = BinaryPrimitives.ReadUInt32BigEndian(body.Written.Span[1..]);
        body.Expect(FrameBytes + (long)announced);
        return announced > (uint)options.MaxRequestBytes ? RejectReason.TooLarge : null;
    }

    private static RejectReason? Unpack(HttpContext context, BodyBuffer body, BodyBuffer inflated)
    {
        if (body.Length < FrameBytes || BinaryPrimitives.ReadUInt32BigEndian(body.Written.Span[1..]) != (uint)(body.Length - FrameBytes))
        {
            return RejectReason.BadFraming;
        }

        string? encoding = context.Request.Headers["grpc-encoding"];
        var named = encoding is not (null or "" or "identity");
        switch (body.Written.Span[0])
        {
            case NotCompressed:
                return null;
            case Compressed when !named:
                return RejectReason.BadFraming;
            case Compressed when encoding != "gzip":
                return RejectReason.UnsupportedEncoding;
            case Compressed:
                return GzipBody.Inflate(body.Written[FrameBytes..], inflated);
            default:
                return RejectReason.BadFraming;
        }
    }

    private void Refuse(HttpContext context, RejectReason reason)
    {
        intakes.Refuse(reason, context);
        Answer(context, Refusal.Of(reason, options, signal: null));
    }

    // Without a message the status may stand in the headers ("Trailers-Only").
    private void Answer(HttpContext context, Refusal refusal)
    {
        var headers = context.Response.Headers;
        headers["grpc-status"] = refusal.Grpc.ToString(CultureInfo.InvariantCulture);
        headers["grpc-message"] = GrpcMessage.Encode(refusal.Message);
        if (refusal.Retry || refusal.IsBadBody)
        {
            var details = Answers.Status(refusal.Grpc, refusal.Message, refusal.Retry ? delays.Next() : null, refusal.IsBadBody);
            headers["grpc-status-details-bin"] = Convert.ToBase64String(details).TrimEnd('=');
        }
    }

    private static byte[] Frame(byte[] message)
    {
        var frame = new byte[FrameBytes + message.Length];
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(1), (uint)message.Length);
        message.CopyTo(frame, FrameBytes);
        return frame;
    }

    private static bool IsGrpc(string type) =>
        type.StartsWith("application/grpc", StringComparison.OrdinalIgnoreCase)
        && (type.Length == 16 || type[16] is '+' or ';');
}
