using Kpi.SamplePlatform.Servers;
using StackExchange.Redis;

namespace Kpi.Tests.SamplePlatform.Servers;

public sealed class RedisServerTests
{
    [Fact]
    public async Task Redis_runs_is_flushed_stops_and_runs_again_empty()
    {
        using var folder = await ServersFolder.CreateAsync();
        var server = await RedisServer.CreateAsync(folder["redis"], "redis", CancellationToken.None);
        try
        {
            await WithAsync(server, async database =>
            {
                await database.StringSetAsync("key", "value");
                Assert.Equal("value", (string?)await database.StringGetAsync("key"));
                await server.FlushAsync(CancellationToken.None);
                Assert.True((await database.StringGetAsync("key")).IsNull);
                await database.StringSetAsync("key", "again");
            });
            await server.StopAsync(immediate: false, CancellationToken.None);
            Assert.False(server.IsRunning);
            await Assert.ThrowsAsync<ServerException>(() => server.FlushAsync(CancellationToken.None));

            var opened = RedisServer.Open(folder["redis"]);
            Assert.Equal((server.Port, server.Password), (opened.Port, opened.Password));
            await opened.StartAsync(CancellationToken.None);
            Assert.True(server.IsRunning);
            await WithAsync(opened, async database => Assert.True((await database.StringGetAsync("key")).IsNull));
        }
        finally
        {
            await server.StopAsync(immediate: true, CancellationToken.None);
        }
    }

    [Fact]
    public async Task A_postgres_folder_is_no_redis_folder()
    {
        using var folder = await ServersFolder.CreateAsync();
        var server = await RedisServer.CreateAsync(folder["redis"], "redis", CancellationToken.None);
        await server.StopAsync(immediate: true, CancellationToken.None);

        Assert.Throws<ServerException>(() => PostgresServer.Open(folder["redis"]));
        Assert.Throws<ServerException>(() => RedisServer.Open(folder["nothing"]));
    }

    private static async Task WithAsync(RedisServer server, Func<IDatabase, Task> use)
    {
        var options = new ConfigurationOptions { Password = server.Password, AbortOnConnectFail = true };
        options.EndPoints.Add("127.0.0.1", server.Port);
        using var connection = await ConnectionMultiplexer.ConnectAsync(options);
        await use(connection.GetDatabase());
    }
}
