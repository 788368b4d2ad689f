namespace Kpi.SamplePlatform.Shop.Access;

/// <summary>For whom an endpoint is; one that says nothing is for tenants, so that forgetting it opens nothing.</summary>
internal enum Audience
{
    Tenant,
    Operator,
    Everyone,
}

internal static class AudienceExtensions
{
    public static T ForEveryone<T>(this T endpoints)
        where T : IEndpointConventionBuilder => endpoints.WithMetadata(Audience.Everyone);

    public static T ForOperators<T>(this T endpoints)
        where T : IEndpointConventionBuilder => endpoints.WithMetadata(Audience.Operator);
}
