using System.Net;
using Kpi.SamplePlatform.Caching;
using Kpi.SamplePlatform.Telemetry;

namespace Kpi.SamplePlatform.Shop.Hosting;

/// <summary>What a shop needs to start.</summary>
/// <param name="Listen">Port 0: any free one.</param>
/// <param name="ServersFolder">One folder per server: <c>catalogue</c>, <c>shard-1</c> …, <c>redis</c>.</param>
/// <param name="TokenKey">Signs tokens and pseudonyms.</param>
internal sealed record ShopSettings(IPEndPoint Listen, string ServersFolder, byte[] TokenKey)
{
    public TelemetryOptions Telemetry { get; init; } = new();

    public CacheOptions Cache { get; init; } = new();
}
