using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.Http.Features;

namespace Kpi.SamplePlatform.Telemetry;

/// <summary>
/// Gives the server span of ASP.NET Core what OpenTelemetry's HTTP conventions ask for and it does not say, and both span and metric the
/// reason of a failure. Requests of machines (<c>/healthz</c>, <c>/faults</c>) are told by neither.
/// </summary>
internal static class RequestSpans
{
    private const string ErrorType = "error.type";

    private static readonly HashSet<string> Methods = ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PATCH", "CONNECT"];

    private static readonly string[] Untold = ["/healthz", "/faults"];

    public static async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var span = context.Features.Get<IHttpActivityFeature>()?.Activity;
        if (Untold.Any(path => context.Request.Path.StartsWithSegments(path, StringComparison.OrdinalIgnoreCase)))
        {
            Leave(context, span);
            await next(context).ConfigureAwait(false);
            return;
        }

        await next(context).ConfigureAwait(false);
        var status = context.Response.StatusCode;
        var error = context.Features.Get<RequestFailure>()?.ErrorType
            ?? (status >= 500 ? status.ToString(CultureInfo.InvariantCulture) : null);
        if (error is not null)
        {
            context.Features.Get<IHttpMetricsTagsFeature>()?.Tags.Add(new(ErrorType, error));
        }

        if (span is not null)
        {
            Describe(span, context, status, error);
        }
    }

    private static void Leave(HttpContext context, Activity? span)
    {
        if (context.Features.Get<IHttpMetricsTagsFeature>() is { } metrics)
        {
            metrics.MetricsDisabled = true;
        }

        if (span is not null)
        {
            span.IsAllDataRequested = false;
            span.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
        }
    }

    private static void Describe(Activity span, HttpContext context, int status, string? error)
    {
        // Any text can come as a method; the conventions have a word for what is none.
        var known = HttpMethods.GetCanonicalizedValue(context.Request.Method);
        var method = Methods.Contains(known) ? known : "_OTHER";
        var route = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText;
        var name = method == "_OTHER" ? "HTTP" : method;
        span.DisplayName = route is null ? name : $"{name} {route}";
        span.SetTag("http.request.method", method).SetTag("url.scheme", context.Request.Scheme).SetTag("http.response.status_code", status);
        if (route is not null)
        {
            span.SetTag("http.route", route);
        }

        if (error is not null)
        {
            span.SetTag(ErrorType, error);
        }

        // 4xx is the caller's, so the status stays unset.
        if (status >= 500)
        {
            span.SetStatus(ActivityStatusCode.Error);
        }
    }
}
