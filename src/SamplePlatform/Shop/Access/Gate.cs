using Kpi.SamplePlatform.Telemetry;

namespace Kpi.SamplePlatform.Shop.Access;

/// <summary>Lets in who has the token an endpoint asks for; everybody else gets 401, whatever is wrong with the token.</summary>
internal sealed class Gate(ShopTokens tokens, ShopEvents events, ILogger<Gate> log) : IMiddleware
{
    private const string Scheme = "Bearer ";

    public Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (context.GetEndpoint() is not { } endpoint)
        {
            return next(context);
        }

        var audience = endpoint.Metadata.OfType<Audience>().LastOrDefault(Audience.Tenant);
        return audience == Audience.Everyone || MayEnter(context, audience) ? next(context) : RefuseAsync(context);
    }

    private static Task RefuseAsync(HttpContext context)
    {
        context.Response.Headers.WWWAuthenticate = "Bearer";
        return Results.Problem(statusCode: StatusCodes.Status401Unauthorized, title: "This needs a token.").ExecuteAsync(context);
    }

    private bool MayEnter(HttpContext context, Audience audience)
    {
        string? header = context.Request.Headers.Authorization;
        if (header is null || !header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        var token = header.AsSpan(Scheme.Length);
        if (audience == Audience.Operator)
        {
            return tokens.IsOperator(token);
        }

        if (!tokens.TryRead(token, out var tenant, out var account))
        {
            return false;
        }

        Log.TokenIsGood(log);
        context.Features.Set(new Caller(tenant, account));
        events.Active(tenant, account);
        return true;
    }
}
