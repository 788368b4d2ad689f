using System.Net;
using Microsoft.AspNetCore.Http;

namespace Kpi.Dashboard;

/// <summary>
/// On loopback there is no login, so a web page from elsewhere must not reach us through the user's browser: neither by a name
/// that it lets point to 127.0.0.1, nor by a cross-site WebSocket, which browsers do not stop.
/// </summary>
internal static class CrossSiteGuard
{
    public static Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var request = context.Request;

        // Browsers always name the host; health checks of HTTP/1.0 do not.
        var isOurHost = !request.Host.HasValue
            || IPAddress.TryParse(request.Host.Host.Trim('[', ']'), out _)
            || request.Host.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase);
        string? origin = request.Headers.Origin;
        var isOurOrigin = string.IsNullOrEmpty(origin)
            || (Uri.TryCreate(origin, UriKind.Absolute, out var from) && from.Authority == request.Host.Value);
        if (isOurHost && isOurOrigin)
        {
            return next(context);
        }

        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        return Task.CompletedTask;
    }
}
