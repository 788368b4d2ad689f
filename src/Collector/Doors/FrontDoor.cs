using Kpi.Collector.Grpc;
using Kpi.Collector.Http;
using Kpi.Rollups.Intake;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Kpi.Collector.Doors;

/// <summary>Before a request's body is read: which port it came to, what a browser must be told, and whether its token is known.</summary>
/// <param name="tokens">The tokens in force; null when none are asked for.</param>
/// <param name="crossOrigin">Null when no browser may send.</param>
internal sealed class FrontDoor(GrpcExportHandler grpc, HttpExportHandler http, Func<TokenBook>? tokens, CrossOrigin? crossOrigin)
{
    private const string Scheme = "Bearer ";
    private const string ApiKey = "x-api-key";

    /// <summary>Marks connections to the gRPC port: with TLS both ports may speak HTTP/2.</summary>
    public static ConnectionDelegate MarkGrpc(ConnectionDelegate next) => connection =>
    {
        connection.Features.Set(GrpcPort.Mark);
        return next(connection);
    };

    public Task HandleAsync(HttpContext context)
    {
        if (context.Features.Get<GrpcPort>() is not null)
        {
            return grpc.HandleAsync(context, IsKnown(context) ? null : RejectReason.Unauthenticated);
        }

        if (crossOrigin?.Answers(context) == true)
        {
            return Task.CompletedTask;
        }

        if (IsKnown(context))
        {
            return http.HandleAsync(context);
        }

        context.Response.Headers.WWWAuthenticate = "Bearer realm=\"kpi\"";
        return http.RefuseAsync(context, RejectReason.Unauthenticated);
    }

    private bool IsKnown(HttpContext context)
    {
        if (tokens is null)
        {
            return true;
        }

        var book = tokens();
        var headers = context.Request.Headers;
        if ((Find(book, headers.Authorization, Scheme) ?? Find(book, headers[ApiKey], "")) is not { } sender)
        {
            return false;
        }

        context.Features.Set(sender);
        return true;
    }

    private static Sender? Find(TokenBook book, StringValues header, string scheme) =>
        header is [{ } text] && text.StartsWith(scheme, StringComparison.OrdinalIgnoreCase)
            ? book.Find(text.AsSpan(scheme.Length).Trim())
            : null;

    private sealed class GrpcPort
    {
        public static readonly GrpcPort Mark = new();
    }
}
