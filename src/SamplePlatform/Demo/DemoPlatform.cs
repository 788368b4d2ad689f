using Kpi.SamplePlatform.Load;
using Kpi.SamplePlatform.Sharding.Schema;

namespace Kpi.SamplePlatform.Demo;

/// <summary>Makes the demo's databases a shop.</summary>
internal static class DemoPlatform
{
    public static Task CreateAsync(DemoServers servers, LoadPreset preset, DemoProgress progress, CancellationToken cancellation) =>
        progress.StepAsync($"schema {preset.Name}", new PlatformSchema((server, role) => servers.Clusters.Single(c => c.Name == server)
            .ConnectionString(server == DemoServers.Catalogue ? DemoServers.Catalogue : "shop", role)).CreateAsync(DemoServers.Shards, cancellation));
}
