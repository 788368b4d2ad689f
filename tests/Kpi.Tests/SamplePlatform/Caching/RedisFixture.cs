using Kpi.SamplePlatform.Servers;
using Kpi.Tests.SamplePlatform.Servers;

namespace Kpi.Tests.SamplePlatform.Caching;

/// <summary>One Redis for a class of tests.</summary>
public sealed class RedisFixture : IAsyncLifetime
{
    private ServersFolder? folder;
    private RedisServer? server;

    internal RedisServer Server => server!;

    public async Task InitializeAsync()
    {
        folder = await ServersFolder.CreateAsync();
        server = await RedisServer.CreateAsync(folder["redis"], "redis", CancellationToken.None);
    }

    public async Task DisposeAsync()
    {
        await Server.StopAsync(immediate: true, CancellationToken.None);
        folder!.Dispose();
    }
}
