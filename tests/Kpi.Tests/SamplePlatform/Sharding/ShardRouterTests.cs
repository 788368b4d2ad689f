using System.Collections.Concurrent;
using System.Diagnostics;
using Kpi.SamplePlatform.Sharding;
using Npgsql;

namespace Kpi.Tests.SamplePlatform.Sharding;

[Collection(UsesPostgres.Name)]
public sealed class ShardRouterTests(PostgresClusters clusters)
{
    [Fact]
    public async Task A_tenant_reads_what_it_wrote_and_nothing_else()
    {
        await using var bed = await PlatformBed.CreateAsync(clusters);
        var router = await bed.RouterAsync();
        foreach (var tenant in await bed.TenantsAsync(router, 20))
        {
            Assert.Equal(1, await Orders.PlaceAsync(router, tenant, tenant));
            Assert.Equal([tenant], await Orders.NumbersAsync(router, tenant));
        }
    }

    [Fact]
    public async Task All_statements_of_a_run_are_one_transaction()
    {
        await using var bed = await PlatformBed.CreateAsync(clusters);
        var router = await bed.RouterAsync();
        await bed.TenantsAsync(router, 1);

        var failure = await Assert.ThrowsAsync<PostgresException>(() => router.RunAsync(
            1,
            batch =>
            {
                batch.BatchCommands.Add(new NpgsqlBatchCommand("insert into shop.orders values (1, 1, 1, now(), 100, 'a')"));
                batch.BatchCommands.Add(new NpgsqlBatchCommand("insert into shop.orders values (1, 2, 1, now(), 100, 'a')"));
            },
            static (_, _) => Task.FromResult(true),
            CancellationToken.None));

        Assert.Equal(PostgresErrorCodes.UniqueViolation, failure.SqlState);
        Assert.Empty(await Orders.NumbersAsync(router, 1));
    }

    [Fact]
    public async Task An_error_of_a_later_statement_is_thrown_even_when_nobody_reads_so_far()
    {
        await using var bed = await PlatformBed.CreateAsync(clusters);
        var router = await bed.RouterAsync();
        await bed.TenantsAsync(router, 1);

        var failure = await Assert.ThrowsAsync<PostgresException>(() => router.RunAsync(
            1,
            batch =>
            {
                batch.BatchCommands.Add(new NpgsqlBatchCommand("select 1"));
                batch.BatchCommands.Add(new NpgsqlBatchCommand("select 1 / count(*) from shop.orders"));
            },
            static (_, _) => Task.FromResult(true),
            CancellationToken.None));

        Assert.Equal(PostgresErrorCodes.DivisionByZero, failure.SqlState);
    }

    [Fact]
    public async Task A_question_over_all_tenants_adds_up()
    {
        await using var bed = await PlatformBed.CreateAsync(clusters);
        var router = await bed.RouterAsync();
        await bed.TenantsAsync(router, 40);

        var accounts = await router.FanOutAsync(CountAsync, TimeSpan.FromSeconds(5), CancellationToken.None);

        Assert.False(accounts.Partial);
        Assert.Equal(["shard-1", "shard-2", "shard-3", "shard-4"], accounts.Answers.Select(a => a.Shard));
        Assert.Equal(40, accounts.Answers.Sum(a => a.Answer));
        await bed.Addition.RunAsync("shard-5", CancellationToken.None);
        accounts = await router.FanOutAsync(CountAsync, TimeSpan.FromSeconds(5), CancellationToken.None);
        Assert.Equal(5, accounts.Answers.Count);
        Assert.Equal(40, accounts.Answers.Sum(a => a.Answer));
    }

    [Fact]
    public async Task One_shard_stopped_makes_answers_partial_and_its_tenants_fail_fast_and_no_others()
    {
        await using var bed = await PlatformBed.CreateAsync(clusters);
        var router = await bed.RouterAsync();
        var tenants = (await bed.TenantsAsync(router, 40)).ToLookup(t => Buckets.Of(t) % 4 == 2);
        await clusters["shard-3"].StopAsync(immediate: true, CancellationToken.None);
        try
        {
            var started = Stopwatch.GetTimestamp();
            var answer = await router.FanOutAsync(CountAsync, TimeSpan.FromSeconds(2), CancellationToken.None);
            Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.Zero, TimeSpan.FromSeconds(2.5));
            Assert.True(answer.Partial);
            Assert.Equal(["shard-3"], answer.Missing);
            Assert.Equal(tenants[false].Count(), answer.Answers.Sum(a => a.Answer));

            started = Stopwatch.GetTimestamp();
            var failure = await Assert.ThrowsAsync<ShardUnavailableException>(() => Orders.NumbersAsync(router, tenants[true].First()));
            Assert.Equal("shard-3", failure.Shard);
            Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.Zero, TimeSpan.FromSeconds(1.5));
            foreach (var tenant in tenants[false])
            {
                Assert.Equal(1, await Orders.PlaceAsync(router, tenant, 1));
            }
        }
        finally
        {
            await clusters["shard-3"].StartAsync(CancellationToken.None);
        }

        await Eventually.TrueAsync(async () => (await Orders.NumbersAsync(router, tenants[true].First())).Count == 0);
        await Eventually.TrueAsync(async () =>
            !(await router.FanOutAsync(CountAsync, TimeSpan.FromSeconds(2), CancellationToken.None)).Partial);
    }

    [Fact]
    public async Task Without_the_catalogue_tenants_and_reports_go_on()
    {
        await using var bed = await PlatformBed.CreateAsync(clusters);
        var router = await bed.RouterAsync();
        await bed.TenantsAsync(router, 8);
        await clusters["catalogue"].StopAsync(immediate: true, CancellationToken.None);
        try
        {
            Assert.Equal(1, await Orders.PlaceAsync(router, 1, 1));
            Assert.False((await router.FanOutAsync(CountAsync, TimeSpan.FromSeconds(2), CancellationToken.None)).Partial);
        }
        finally
        {
            await clusters["catalogue"].StartAsync(CancellationToken.None);
        }
    }

    [Fact]
    public async Task A_slow_shard_sleeps_in_sql_and_says_so_and_is_missing_when_it_takes_too_long()
    {
        await using var bed = await PlatformBed.CreateAsync(clusters);
        var delay = new DelayOf("shard-2");
        var router = await bed.RouterAsync(delay);
        var slow = (await bed.TenantsAsync(router, 20)).First(t => Buckets.Of(t) % 4 == 1);
        delay.Time = TimeSpan.FromSeconds(0.3);

        var started = Stopwatch.GetTimestamp();
        Assert.Empty(await Orders.NumbersAsync(router, slow));
        Assert.True(Stopwatch.GetElapsedTime(started) >= delay.Time);
        Assert.Equal([TimeSpan.FromSeconds(0.3)], delay.Sleeps);

        var answer = await router.FanOutAsync(CountAsync, TimeSpan.FromSeconds(5), CancellationToken.None);
        Assert.False(answer.Partial);
        Assert.Equal(2, delay.Sleeps.Count);

        delay.Time = TimeSpan.FromSeconds(4);
        started = Stopwatch.GetTimestamp();
        answer = await router.FanOutAsync(CountAsync, TimeSpan.FromSeconds(0.3), CancellationToken.None);
        Assert.Equal(["shard-2"], answer.Missing);
        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.FromSeconds(0.2), TimeSpan.FromSeconds(2));
    }

    private static async Task<long> CountAsync(Shard shard, NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("select count(*) from shop.account", connection);
        return (long)(await command.ExecuteScalarAsync(cancellation))!;
    }

    private sealed class DelayOf(string shard) : IShardDelay
    {
        public TimeSpan? Time { get; set; }

        public ConcurrentQueue<TimeSpan> Sleeps { get; } = [];

        public TimeSpan? For(string name) => name == shard ? Time : null;

        public void Slept(string name, TimeSpan time)
        {
            Assert.Equal(shard, name);
            Sleeps.Enqueue(time);
        }
    }
}
