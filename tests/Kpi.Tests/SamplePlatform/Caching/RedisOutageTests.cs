using System.Diagnostics;
using Kpi.SamplePlatform.Caching;
using Kpi.SamplePlatform.Servers;
using Kpi.Tests.SamplePlatform.Servers;

namespace Kpi.Tests.SamplePlatform.Caching;

public sealed class RedisOutageTests
{
    private static readonly CacheOptions Quick = new()
    {
        CommandTimeout = TimeSpan.FromMilliseconds(300),
        OpenFor = TimeSpan.FromMilliseconds(200),
    };

    [Fact]
    public async Task Without_Redis_reads_answer_from_the_origin_and_with_it_again_from_the_cache()
    {
        using var folder = await ServersFolder.CreateAsync();
        var server = await RedisServer.CreateAsync(folder["redis"], "redis", CancellationToken.None);
        try
        {
            using var cache = await CacheUnderTest.OpenAsync(server, Quick);
            await cache.ReadAsync("key", () => "before");
            await server.StopAsync(immediate: true, CancellationToken.None);
            for (var i = 0; i < 10; i++)
            {
                Assert.Equal($"during {i}", (await cache.ReadAsync("key", () => $"during {i}"))?.Text);
            }

            Assert.Equal(10, cache.Reads["bypass"]);
            Assert.Equal(1, cache.Reads["app.cache.loads"]);
            Assert.NotEqual(BreakerState.Closed, cache.Store.State);

            await server.StartAsync(CancellationToken.None);
            await ClosesAsync(cache);
            await cache.ReadAsync("key", () => "after");
            Assert.Equal("after", (await cache.ReadAsync("key", () => "later"))?.Text);
            Assert.Equal(1, cache.Reads["l2_hit"]);
        }
        finally
        {
            await server.StopAsync(immediate: true, CancellationToken.None);
        }
    }

    [Fact]
    public async Task After_a_lost_delete_nothing_is_read_from_Redis_until_it_has_been_emptied()
    {
        using var folder = await ServersFolder.CreateAsync();
        var server = await RedisServer.CreateAsync(folder["redis"], "redis", CancellationToken.None);
        try
        {
            using var writer = await CacheUnderTest.OpenAsync(server, Quick);
            using var witness = await CacheUnderTest.OpenAsync(server);
            await writer.ReadAsync("key", () => "old");
            await witness.Redis.GetDatabase().StringSetAsync("untouched", "still here");

            // Redis keeps what it has, but answers nobody for a while.
            await witness.Redis.GetDatabase().ExecuteAsync("CLIENT", "PAUSE", "1500", "ALL");
            await writer.Words.ForgetAsync(1, ["key"]);
            Assert.Equal("new", (await writer.ReadAsync("key", () => "new"))?.Text);
            Assert.Equal(1, writer.Reads["bypass"]);

            await ClosesAsync(writer);
            Assert.True((await witness.Redis.GetDatabase().StringGetAsync("untouched")).IsNull);
        }
        finally
        {
            await server.StopAsync(immediate: true, CancellationToken.None);
        }
    }

    [Fact]
    public async Task Every_command_has_a_client_span_by_the_conventions_and_a_failed_one_says_why()
    {
        using var folder = await ServersFolder.CreateAsync();
        var server = await RedisServer.CreateAsync(folder["redis"], "redis", CancellationToken.None);
        try
        {
            var spans = new System.Collections.Concurrent.ConcurrentQueue<Activity>();
            using var listener = new ActivityListener
            {
                ShouldListenTo = source => source.Name == RedisSpans.SourceName,
                Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
                ActivityStopped = span =>
                {
                    if (Equals(span.GetTagItem("server.port"), server.Port))
                    {
                        spans.Enqueue(span);
                    }
                },
            };
            ActivitySource.AddActivityListener(listener);
            using var cache = await CacheUnderTest.OpenAsync(server, Quick);
            await cache.ReadAsync("key", () => "value");

            Assert.Equal(["GET", "SET", "EVAL"], spans.Select(s => s.DisplayName));
            Assert.All(spans, s => Assert.Equal(ActivityKind.Client, s.Kind));
            Assert.All(spans, s => Assert.Equal("redis", s.GetTagItem("db.system.name")));
            Assert.All(spans, s => Assert.Equal(s.DisplayName, s.GetTagItem("db.operation.name")));
            Assert.All(spans, s => Assert.Equal("127.0.0.1", s.GetTagItem("server.address")));
            Assert.All(spans, s => Assert.Null(s.GetTagItem("error.type")));

            await server.StopAsync(immediate: true, CancellationToken.None);
            await cache.ReadAsync("other", () => "value");
            var failed = spans.Last();
            Assert.Equal(ActivityStatusCode.Error, failed.Status);
            Assert.NotNull(failed.GetTagItem("error.type"));
        }
        finally
        {
            await server.StopAsync(immediate: true, CancellationToken.None);
        }
    }

    /// <summary>Reads until the breaker lets them through: only traffic makes it probe.</summary>
    private static async Task ClosesAsync(CacheUnderTest cache)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (cache.Store.State != BreakerState.Closed)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(start) < TimeSpan.FromSeconds(30), "the breaker stays open");
            await cache.ReadAsync("knock", () => null);
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }
    }
}
