using Kpi.SamplePlatform.Caching;
using static Kpi.Tests.SamplePlatform.Caching.CacheUnderTest;

namespace Kpi.Tests.SamplePlatform.Caching;

public sealed class TenantCacheTests(RedisFixture redis) : IClassFixture<RedisFixture>, IAsyncLifetime
{
    private CacheUnderTest cache = null!;

    public async Task InitializeAsync() => cache = await CacheUnderTest.OpenAsync(redis.Server);

    public Task DisposeAsync()
    {
        cache.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task A_thousand_concurrent_cold_reads_load_once()
    {
        var loads = 0;
        var read = await Task.WhenAll(Enumerable.Range(0, 1_000).Select(_ => Task.Run(() => cache.Words.ReadAsync(1, "stampede", async token =>
        {
            Interlocked.Increment(ref loads);
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, token);
            return new Word("once");
        }, CancellationToken.None))));

        Assert.All(read, word => Assert.Equal("once", word?.Text));
        Assert.Equal(1, loads);
        Assert.Equal(1, cache.Reads["load"]);
        Assert.Equal(1, cache.Reads["app.cache.loads"]);
        Assert.Equal(1, cache.Reads["app.cache.load.duration"]);
        Assert.Equal(1_000, cache.Reads["load"] + cache.Reads["coalesced"] + cache.Reads["l2_hit"]);
    }

    [Fact]
    public async Task What_was_loaded_once_is_a_hit_for_every_process()
    {
        using var other = await CacheUnderTest.OpenAsync(redis.Server);
        await cache.ReadAsync("shared", () => "value");

        Assert.Equal("value", (await other.ReadAsync("shared", () => throw new InvalidOperationException("loaded again")))?.Text);
        Assert.Equal(1, other.Reads["l2_hit"]);
    }

    [Fact]
    public async Task A_tenant_never_reads_what_another_one_loaded()
    {
        await cache.Words.ReadAsync(1, "same", _ => Task.FromResult<Word?>(new("of one")), CancellationToken.None);

        var read = await cache.Words.ReadAsync(2, "same", _ => Task.FromResult<Word?>(new("of two")), CancellationToken.None);

        Assert.Equal("of two", read?.Text);
    }

    [Fact]
    public async Task Whoever_leaves_ends_neither_the_load_nor_the_wait_of_others()
    {
        var release = new TaskCompletionSource<Word?>();
        using var leaving = new CancellationTokenSource();
        var leader = cache.Words.ReadAsync(1, "left", token => release.Task.WaitAsync(token), leaving.Token);
        var stayed = cache.ReadAsync("left", () => throw new InvalidOperationException("loaded again"));
        var follower = cache.ReadAsync("left", () => null, leaving.Token);

        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leader);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => follower);
        release.SetResult(new("loaded"));

        Assert.Equal("loaded", (await stayed)?.Text);

        // Those who left are counted too, a moment after the load.
        var counted = () => cache.Reads["load"] == 1 && cache.Reads["coalesced"] == 2;
        Assert.True(SpinWait.SpinUntil(counted, TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public async Task A_failed_load_is_given_to_those_who_waited_and_to_nobody_later()
    {
        var fail = new TaskCompletionSource<Word?>();
        var leader = cache.Words.ReadAsync(1, "failed", _ => fail.Task, CancellationToken.None);
        var follower = cache.ReadAsync("failed", () => "no");
        fail.SetException(new InvalidOperationException("the origin is down"));

        await Assert.ThrowsAsync<InvalidOperationException>(() => leader);
        await Assert.ThrowsAsync<InvalidOperationException>(() => follower);
        Assert.Equal("well again", (await cache.ReadAsync("failed", () => "well again"))?.Text);
        Assert.Equal((1, 1, 2), (cache.Reads["load_error"], cache.Reads["load"], cache.Reads["app.cache.loads"]));
    }

    [Fact]
    public async Task That_there_is_none_is_remembered_for_a_short_time()
    {
        Assert.Null(await cache.ReadAsync("none", () => null));
        Assert.Null(await cache.ReadAsync("none", () => "not asked"));

        Assert.Equal((1, 1), (cache.Reads["load"], cache.Reads["negative_hit"]));
        var life = await cache.Redis.GetDatabase().KeyTimeToLiveAsync("t:1:word:none");
        Assert.InRange(life!.Value, TimeSpan.Zero, TimeSpan.FromSeconds(5 * 1.15));
    }

    [Fact]
    public async Task Lives_are_spread_around_the_chosen_one()
    {
        var database = cache.Redis.GetDatabase();
        var lives = new List<double>();
        for (var i = 0; i < 200; i++)
        {
            await cache.ReadAsync($"life-{i}", () => "value");
            lives.Add((await database.KeyTimeToLiveAsync($"t:1:word:life-{i}"))!.Value.TotalSeconds);
        }

        Assert.All(lives, life => Assert.InRange(life, 300 * 0.85 - 5, 300 * 1.15));
        Assert.True(lives.Max() - lives.Min() > 60, $"200 lives between {lives.Min()} and {lives.Max()} s");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_fill_that_began_before_a_write_is_refused(bool writerIsAnotherProcess)
    {
        using var other = await CacheUnderTest.OpenAsync(redis.Server);
        var id = $"raced-{writerIsAnotherProcess}";
        var (loading, release) = (new TaskCompletionSource(), new TaskCompletionSource<Word?>());
        var slow = cache.Words.ReadAsync(1, id, _ =>
        {
            loading.SetResult();
            return release.Task;
        }, CancellationToken.None);
        await loading.Task;
        await (writerIsAnotherProcess ? other : cache).Words.ForgetAsync(1, [id]);
        release.SetResult(new("old"));

        Assert.Equal("old", (await slow)?.Text);
        Assert.Equal("new", (await cache.ReadAsync(id, () => "new"))?.Text);
        Assert.Equal("new", (await other.ReadAsync(id, () => "newer"))?.Text);
    }

    [Fact]
    public async Task A_read_after_a_write_does_not_join_a_load_from_before_it()
    {
        var (loading, release) = (new TaskCompletionSource(), new TaskCompletionSource<Word?>());
        var slow = cache.Words.ReadAsync(1, "joined", _ =>
        {
            loading.SetResult();
            return release.Task;
        }, CancellationToken.None);
        await loading.Task;
        await cache.Words.ForgetAsync(1, ["joined"]);

        Assert.Equal("new", (await cache.ReadAsync("joined", () => "new"))?.Text);
        release.SetResult(new("old"));
        await slow;
        Assert.Equal("new", (await cache.ReadAsync("joined", () => "newer"))?.Text);
    }

    [Fact]
    public async Task An_entry_of_an_unknown_shape_is_replaced()
    {
        await cache.Redis.GetDatabase().StringSetAsync("t:1:word:shape", "V[1,2]");

        Assert.Equal("value", (await cache.ReadAsync("shape", () => "value"))?.Text);
        Assert.Equal("value", (await cache.ReadAsync("shape", () => "again"))?.Text);
    }

    [Fact]
    public async Task A_loader_that_does_not_end_is_ended()
    {
        using var quick = await CacheUnderTest.OpenAsync(redis.Server, new CacheOptions { LoadTimeout = TimeSpan.FromMilliseconds(20) });

        await Assert.ThrowsAsync<TimeoutException>(() => quick.Words.ReadAsync(1, "endless", async token =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
            return null;
        }, CancellationToken.None));
    }
}
