using System.Diagnostics;

namespace Kpi.SamplePlatform.Caching;

/// <summary>Where Redis listens.</summary>
internal readonly record struct RedisAddress(string Host, int Port);

/// <summary>Client spans by OpenTelemetry's conventions for databases: the client library of this age writes none.</summary>
internal static class RedisSpans
{
    public const string SourceName = "Shop.Redis";

    private static readonly ActivitySource Source = new(SourceName);

    public static Activity? Start(string operation, RedisAddress address)
    {
        var span = Source.StartActivity(operation, ActivityKind.Client);
        return span?.SetTag("db.system.name", "redis").SetTag("db.operation.name", operation)
            .SetTag("server.address", address.Host).SetTag("server.port", address.Port);
    }
}
