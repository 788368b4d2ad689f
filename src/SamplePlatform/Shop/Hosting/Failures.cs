using Kpi.SamplePlatform.Faults.Switches;
using Kpi.SamplePlatform.Sharding;
using Kpi.SamplePlatform.Telemetry;

namespace Kpi.SamplePlatform.Shop.Hosting;

/// <summary>Turns what handlers throw into answers, and says why a request failed to those who count.</summary>
internal sealed class Failures(StoppedShard stoppedShard, ILogger<Failures> log, TimeProvider time) : IMiddleware
{
    /// <summary>The caller gave up: nginx's number, in no RFC, and no error of ours.</summary>
    private const int ClientClosedRequest = 499;

    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var start = time.GetTimestamp();
        var request = context.Request;
        try
        {
            Log.HeadersRead(log, request.Host.Value ?? "", request.ContentLength, request.ContentType, request.Headers.UserAgent);
            await next(context).ConfigureAwait(false);
        }
        catch (Exception gone) when (gone is OperationCanceledException or IOException && context.RequestAborted.IsCancellationRequested)
        {
            context.Response.StatusCode = ClientClosedRequest;
        }
        catch (BadHttpRequestException bad)
        {
            await AnswerAsync(context, bad.StatusCode, errorType: null, bad.Message).ConfigureAwait(false);
        }
        catch (ShardUnavailableException missing)
        {
            stoppedShard.Missed(missing.Shard);
            Log.ShardUnavailable(log, request.Method, Route(context), missing.Shard);
            await AnswerAsync(context, StatusCodes.Status503ServiceUnavailable, "shard_unavailable", "A shard is unavailable.")
                .ConfigureAwait(false);
        }
        catch (TimeoutException late)
        {
            Log.RequestFailed(log, late, request.Method, Route(context));
            await AnswerAsync(context, StatusCodes.Status503ServiceUnavailable, "timeout", "This took too long.").ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            Log.RequestFailed(log, failure, request.Method, Route(context));
            await AnswerAsync(context, StatusCodes.Status500InternalServerError, failure.GetType().FullName, null).ConfigureAwait(false);
        }

        Log.RequestEnded(log, request.Method, Route(context), context.Response.StatusCode, time.GetElapsedTime(start).TotalMilliseconds);
    }

    private static string? Route(HttpContext context) => (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText;

    private static Task AnswerAsync(HttpContext context, int status, string? errorType, string? title)
    {
        if (errorType is not null)
        {
            context.Features.Set(new RequestFailure(errorType));
        }

        if (context.Response.HasStarted)
        {
            context.Abort();
            return Task.CompletedTask;
        }

        context.Response.Clear();
        return Results.Problem(statusCode: status, title: title).ExecuteAsync(context);
    }
}
