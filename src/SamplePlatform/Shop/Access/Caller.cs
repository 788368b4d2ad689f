namespace Kpi.SamplePlatform.Shop.Access;

/// <summary>Who asks: an account of a tenant. Bound from the token that <see cref="Gate"/> has checked.</summary>
internal sealed record Caller(long Tenant, long Account)
{
    /// <summary>The name minimal APIs look for.</summary>
    public static ValueTask<Caller?> BindAsync(HttpContext context) => ValueTask.FromResult(context.Features.Get<Caller>());
}
