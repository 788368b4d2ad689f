using System.Globalization;
using Kpi.Collector.Admission;
using Kpi.Collector.Otlp;
using Kpi.Rollups.Intake;
using Microsoft.AspNetCore.Http;

namespace Kpi.Collector.Http;

/// <summary>OTLP/HTTP with protobuf bodies: <c>POST /v1/traces</c>, <c>/v1/metrics</c>, <c>/v1/logs</c>. Every answer of 4xx and 5xx carries a <c>google.rpc.Status</c>.</summary>
internal sealed class HttpExportHandler(SignalIntakes intakes, BytesInFlight budget, CollectorOptions options)
{
    private const string Protobuf = "application/x-protobuf";

    public async Task HandleAsync(HttpContext context)
    {
        var intake = intakes.ByHttpPath(context.Request.Path.Value);
        if (Check(context.Request, intake) is { } unfit)
        {
            await RefuseAsync(context, unfit).ConfigureAwait(false);
            return;
        }

        using var body = new BodyBuffer(budget, options.MaxRequestBytes);
        using var inflated = new BodyBuffer(budget, options.MaxRequestBytes);
        body.Expect(context.Request.ContentLength ?? 0);
        if (await ReadAsync(context, body, inflated).ConfigureAwait(false) is { } reason)
        {
            await RefuseAsync(context, reason).ConfigureAwait(false);
            return;
        }

        var received = IsGzip(context.Request)
            ? new ReceivedBody(body.Written, inflated.Written, BodyEncoding.Gzip, Peer.Of(context))
            : new ReceivedBody(body.Written, body.Written, BodyEncoding.Identity, Peer.Of(context));
        var outcome = await intake!.TakeAsync(received).ConfigureAwait(false);
        if (outcome.Refused is { } refused)
        {
            await AnswerAsync(context, Refusal.Of(refused, options, intake.Signal)).ConfigureAwait(false);
            return;
        }

        context.Response.ContentType = Protobuf;
        context.Response.ContentLength = outcome.Answer.Length;

        // Not the request's token: a sender that has gone is no error of ours, and what is written to it is dropped.
        await context.Response.BodyWriter.WriteAsync(outcome.Answer, CancellationToken.None).ConfigureAwait(false);
    }

    // Everything that the head of a request tells is decided before its body is read.
    private RejectReason? Check(HttpRequest request, SignalIntake? intake)
    {
        if (intake is null)
        {
            return RejectReason.UnknownPath;
        }

        if (!HttpMethods.IsPost(request.Method))
        {
            return RejectReason.UnsupportedMethod;
        }

        var type = request.ContentType.AsSpan();
        var end = type.IndexOf(';');
        if (!(end < 0 ? type : type[..end]).Trim().Equals(Protobuf, StringComparison.OrdinalIgnoreCase))
        {
            return RejectReason.UnsupportedContentType;
        }

        string? encoding = request.Headers.ContentEncoding;
        var plain = string.IsNullOrEmpty(encoding) || encoding.Equals("identity", StringComparison.OrdinalIgnoreCase);
        return !plain && !IsGzip(request) ? RejectReason.UnsupportedEncoding
            : request.ContentLength > options.MaxRequestBytes ? RejectReason.TooLarge
            : null;
    }

    private static async ValueTask<RejectReason?> ReadAsync(HttpContext context, BodyBuffer body, BodyBuffer inflated) =>
        await RequestBody.ReadAsync(context, body).ConfigureAwait(false)
        ?? (IsGzip(context.Request) ? GzipBody.Inflate(body.Written, inflated) : null);

    private static bool IsGzip(HttpRequest request) =>
        string.Equals(request.Headers.ContentEncoding, "gzip", StringComparison.OrdinalIgnoreCase);

    private Task RefuseAsync(HttpContext context, RejectReason reason)
    {
        intakes.Refuse(reason, context);
        return AnswerAsync(context, Refusal.Of(reason, options, signal: null));
    }

    private async Task AnswerAsync(HttpContext context, Refusal refusal)
    {
        var response = context.Response;
        response.StatusCode = refusal.Http;
        if (refusal.Http == StatusCodes.Status405MethodNotAllowed)
        {
            response.Headers.Allow = HttpMethods.Post;
        }

        if (refusal.Http == StatusCodes.Status415UnsupportedMediaType)
        {
            response.Headers.AcceptEncoding = "gzip";
        }

        if (refusal.Retry)
        {
            response.Headers.RetryAfter = Math.Ceiling(options.RetryAfter.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        }

        var status = Answers.Status(refusal.Grpc, refusal.Message, refusal.Retry ? options.RetryAfter : null);
        response.ContentType = Protobuf;
        response.ContentLength = status.Length;
        await response.BodyWriter.WriteAsync(status, CancellationToken.None).ConfigureAwait(false);
    }
}
