using System.Globalization;
using Kpi.Collector.Admission;
using Kpi.Collector.Doors;
using Kpi.Collector.Otlp;
using Kpi.Collector.Otlp.Json;
using Kpi.Rollups.Intake;
using Microsoft.AspNetCore.Http;

namespace Kpi.Collector.Http;

/// <summary>
/// OTLP/HTTP with bodies in protobuf or JSON: <c>POST /v1/traces</c>, <c>/v1/metrics</c>, <c>/v1/logs</c>. The answer is of the
/// request's type; every answer of 4xx and 5xx carries a <c>google.rpc.Status</c>, in protobuf when the type is neither.
/// </summary>
internal sealed class HttpExportHandler(SignalIntakes intakes, BytesInFlight budget, CollectorOptions options, RetryDelays delays)
{
    public async Task HandleAsync(HttpContext context)
    {
        var intake = intakes.ByHttpPath(context.Request.Path.Value);
        if (Check(context.Request, intake) is { } unfit)
        {
            await RefuseAsync(context, unfit).ConfigureAwait(false);
            return;
        }

        using var body = new BodyBuffer(budget, options.MaxRequestBytes);
        using var unpacking = new BodyUnpacking(budget, options.MaxRequestBytes);
        var encoding = HttpForm.EncodingOf(context.Request)!.Value;
        body.Expect(context.Request.ContentLength ?? 0);
        var reason = await RequestBody.ReadAsync(context, body).ConfigureAwait(false) ?? unpacking.Run(body.Written, encoding, intake!.Signal);
        if (reason == RejectReason.Malformed)
        {
            intakes.Refuse(RejectReason.Malformed, context);
            await AnswerAsync(context, Refusal.OfJson(intake!.Signal, unpacking.Fault)).ConfigureAwait(false);
            return;
        }

        if (reason is not null)
        {
            await RefuseAsync(context, reason.Value).ConfigureAwait(false);
            return;
        }

        var received = new ReceivedBody(body.Written, unpacking.Message, encoding, Peer.Of(context));
        var outcome = await intake!.TakeAsync(received).ConfigureAwait(false);
        if (outcome.Refused is { } refused)
        {
            await AnswerAsync(context, Refusal.Of(refused, options, intake.Signal)).ConfigureAwait(false);
            return;
        }

        var json = HttpForm.IsJson(context.Request);
        await WriteAsync(context.Response, json, json ? JsonAnswers.Export(outcome.Answer, intake.Signal) : outcome.Answer).ConfigureAwait(false);
    }

    /// <summary>Counts a request that is not taken, and says why.</summary>
    public Task RefuseAsync(HttpContext context, RejectReason reason)
    {
        intakes.Refuse(reason, context);
        return AnswerAsync(context, Refusal.Of(reason, options, signal: null));
    }

    // Everything that the head of a request tells is decided before its body is read.
    private RejectReason? Check(HttpRequest request, SignalIntake? intake) =>
        intake is null ? RejectReason.UnknownPath
        : !HttpMethods.IsPost(request.Method) ? RejectReason.UnsupportedMethod
        : !HttpForm.IsProtobuf(request) && !HttpForm.IsJson(request) ? RejectReason.UnsupportedContentType
        : HttpForm.EncodingOf(request) is null ? RejectReason.UnsupportedEncoding
        : request.ContentLength > options.MaxRequestBytes ? RejectReason.TooLarge
        : null;

    private Task AnswerAsync(HttpContext context, Refusal refusal)
    {
        var response = context.Response;
        response.StatusCode = refusal.Http;
        if (refusal.Http == StatusCodes.Status405MethodNotAllowed)
        {
            response.Headers.Allow = HttpMethods.Post;
        }

        if (refusal.Http == StatusCodes.Status415UnsupportedMediaType)
        {
            response.Headers.AcceptEncoding = HttpForm.Encodings;
        }

        TimeSpan? retryAfter = refusal.Retry ? delays.Next() : null;
        if (retryAfter is { } delay)
        {
            response.Headers.RetryAfter = Math.Ceiling(delay.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        }

        var json = HttpForm.IsJson(context.Request);
        return WriteAsync(response, json, json
            ? JsonAnswers.Status(refusal.Grpc, refusal.Message, retryAfter, refusal.IsBadBody)
            : Answers.Status(refusal.Grpc, refusal.Message, retryAfter, refusal.IsBadBody));
    }

    // Not the request's token: a sender that has gone is no error of ours, and what is written to it is dropped.
    private static async Task WriteAsync(HttpResponse response, bool json, byte[] answer)
    {
        response.ContentType = json ? HttpForm.Json : HttpForm.Protobuf;
        response.ContentLength = answer.Length;
        await response.BodyWriter.WriteAsync(answer, CancellationToken.None).ConfigureAwait(false);
    }
}
