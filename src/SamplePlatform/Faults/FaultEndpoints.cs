using System.Net;
using System.Text.Json;
using Kpi.SamplePlatform.Shop.Access;

namespace Kpi.SamplePlatform.Faults;

/// <summary>
/// The switches over HTTP. They are open to whoever can reach loopback by a tool, and to no web page: a browser that sends a page's
/// request for it names the page as origin, or a name that only pretends to be this machine.
/// </summary>
internal static class FaultEndpoints
{
    private const int MostBodyBytes = 1_024;

    public static void MapFaults(this IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapGroup("/faults").ForEveryone().AddEndpointFilter(async (context, next) =>
            IsLocalTool(context.HttpContext)
                ? await next(context)
                : Problem(StatusCodes.Status403Forbidden, "only local tools may switch faults"));
        group.MapGet("", (FaultLedger ledger) => Results.Ok(ledger.Entries));
        group.MapPut("/{name}", async (string name, HttpRequest request, FaultBoard board, CancellationToken cancellation) =>
            await ReadAsync(request, cancellation) is { } asked
                ? Answer(await board.SwitchOnAsync(name, asked, cancellation), board)
                : Problem(StatusCodes.Status400BadRequest, "the body is nothing, or {\"size\": NUMBER, \"target\": \"NAME\"}"));
        group.MapDelete("/{name}", async (string name, FaultBoard board, CancellationToken cancellation) =>
            Answer(await board.SwitchOffAsync(name, cancellation), board));
    }

    private static bool IsLocalTool(HttpContext context)
    {
        var host = context.Request.Host.Host.Trim('[', ']');
        var namesLoopback = host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
        return namesLoopback && context.Connection.RemoteIpAddress is { } from && IPAddress.IsLoopback(from)
            && context.Request.Headers.Origin.Count == 0;
    }

    /// <summary>Whatever type the body says it is: <c>curl -d</c> calls everything a form. null: not understood.</summary>
    private static async Task<FaultRequest?> ReadAsync(HttpRequest request, CancellationToken cancellation)
    {
        var body = new byte[MostBodyBytes + 1];
        var length = await request.Body.ReadAtLeastAsync(body, body.Length, false, cancellation).ConfigureAwait(false);
        if (length == 0)
        {
            return new FaultRequest();
        }

        try
        {
            return length > MostBodyBytes
                ? null
                : JsonSerializer.Deserialize<FaultRequest>(body.AsSpan(0, length), JsonSerializerOptions.Web);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static IResult Answer(FaultAnswer answer, FaultBoard board) => answer.Result switch
    {
        FaultResult.Done => Results.Ok(answer.Entry),
        FaultResult.Unknown => Problem(StatusCodes.Status404NotFound, $"{answer.Problem}; there are {string.Join(", ", board.Names)}"),
        FaultResult.Bad => Problem(StatusCodes.Status400BadRequest, answer.Problem),
        FaultResult.Conflict => Problem(StatusCodes.Status409Conflict, answer.Problem),
        _ => Problem(StatusCodes.Status500InternalServerError, answer.Problem),
    };

    private static IResult Problem(int status, string? detail) => Results.Problem(statusCode: status, detail: detail);
}
