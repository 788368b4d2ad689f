using Kpi.SamplePlatform.Sharding;
using Npgsql;

namespace Kpi.Tests.SamplePlatform.Sharding;

/// <summary>What the roles may do when nobody is polite. Tenants 1 and 3 share bucket 72, and so a shard.</summary>
[Collection(UsesPostgres.Name)]
public sealed class RowLevelSecurityTests(PostgresClusters clusters)
{
    private const string Refused = PostgresErrorCodes.InsufficientPrivilege;

    [Fact]
    public async Task Every_table_of_tenants_has_forced_policies_and_a_key_that_begins_with_the_tenant()
    {
        await using var bed = await PlatformBed.SharedAsync(clusters);
        var tables = await bed.AskAsync("shard-1", PlatformRoles.Administrator, """
            select c.relname::text, c.relrowsecurity, c.relforcerowsecurity, pg_get_userbyid(c.relowner)::text,
                (select a.attname::text from pg_index i join pg_attribute a on a.attrelid = c.oid and a.attnum = i.indkey[0]
                 where i.indrelid = c.oid and i.indisprimary)
            from pg_class c where c.relnamespace = 'shop'::regnamespace and c.relkind = 'r' and c.relname <> 'bucket_guard'
            """);

        Assert.Equal(6, tables.Count);
        Assert.All(tables, t => Assert.Equal([true, true, "shop_owner", "tenant_id"], t[1..]));
        var bypassing = await bed.AskAsync("shard-1", PlatformRoles.Administrator,
            "select rolname::text from pg_roles where rolname like 'shop%' and (rolbypassrls or rolsuper)");
        Assert.Equal([PlatformRoles.Mover], bypassing.Select(r => r[0]));
    }

    [Theory]
    [InlineData("select count(*) from shop.account where tenant_id = 3")]
    [InlineData("select count(*) from shop.tenant where tenant_id = 3")]
    [InlineData("with u as (update shop.account set name = 'B' where tenant_id = 3 returning 1) select count(*) from u")]
    [InlineData("with d as (delete from shop.account where tenant_id = 3 returning 1) select count(*) from d")]
    public async Task Entered_as_one_tenant_the_rows_of_another_are_not_there(string sql)
    {
        await using var bed = await PlatformBed.SharedAsync(clusters);

        Assert.Equal(0, await EnteredAsync(bed, 1, sql));
        Assert.Equal(1, await EnteredAsync(bed, 3, sql));
    }

    [Theory]
    [InlineData("insert into shop.account values (3, 2, 'b@example.com', 'B', now())")]
    [InlineData("update shop.account set tenant_id = 3, account_id = 9 where account_id = 1")]
    [InlineData("insert into shop.tenant values (4, 0, 'other bucket', 'free')")]
    [InlineData("update shop.tenant set bucket = 0")]
    [InlineData("update shop.bucket_guard set epoch = 9")]
    [InlineData("insert into shop.bucket_guard values (0, 1, 'open')")]
    [InlineData("select shop.fence(72, 1)")]
    [InlineData("set row_security = off; select * from shop.account")]
    public async Task Entered_as_one_tenant_nothing_else_can_be_written(string sql)
    {
        await using var bed = await PlatformBed.SharedAsync(clusters);

        var refused = await Assert.ThrowsAsync<PostgresException>(() => EnteredAsync(bed, 1, sql));

        Assert.Equal(Refused, refused.SqlState);
    }

    [Fact]
    public async Task Without_entering_nothing_is_visible_also_after_somebody_has_entered_before()
    {
        await using var bed = await PlatformBed.SharedAsync(clusters);
        var shard = await ShardAsync(bed);
        var settings = new NpgsqlConnectionStringBuilder(bed.ConnectionString(shard, PlatformRoles.App)) { Pooling = false };
        await using var connection = new NpgsqlConnection(settings.ConnectionString);
        await connection.OpenAsync();

        Assert.Equal(0, await CountAsync(connection));
        await using (var transaction = await connection.BeginTransactionAsync())
        {
            await using var enter = new NpgsqlCommand($"select shop.enter(1, {Buckets.Of(1)}, 1)", connection);
            await enter.ExecuteNonQueryAsync();
            Assert.Equal(1, await CountAsync(connection));
            await transaction.CommitAsync();
        }

        Assert.Equal(0, await CountAsync(connection));
    }

    [Theory]
    [InlineData("insert into shop.account values (1, 2, 'b@example.com', 'B', now())")]
    [InlineData("delete from shop.account")]
    [InlineData("select shop.enter(1, 72, 1)")]
    public async Task Reports_write_nothing(string sql)
    {
        await using var bed = await PlatformBed.SharedAsync(clusters);
        var shard = await ShardAsync(bed);

        var refused = await Assert.ThrowsAsync<PostgresException>(() => bed.AskAsync(shard, PlatformRoles.Report, sql));

        Assert.Equal(Refused, refused.SqlState);
    }

    [Theory]
    [InlineData("open", 2)]
    [InlineData("fenced", 0)]
    [InlineData("incoming", 0)]
    [InlineData("moved", 0)]
    public async Task Reports_see_all_tenants_of_buckets_that_are_open(string state, long seen)
    {
        await using var bed = await PlatformBed.SharedAsync(clusters);
        var shard = await ShardAsync(bed);
        await SetGuardAsync(bed, shard, $"state = '{state}'");
        var counted = await bed.AskAsync(shard, PlatformRoles.Report, "select count(*) from shop.account where tenant_id in (1, 3)");
        await SetGuardAsync(bed, shard, "state = 'open'");

        Assert.Equal(seen, counted[0][0]);
    }

    [Theory]
    [InlineData("state = 'open'", 1, null)]
    [InlineData("state = 'open'", 2, "KP001")]
    [InlineData("epoch = 2", 1, "KP001")]
    [InlineData("state = 'fenced'", 1, "KP002")]
    [InlineData("state = 'fenced', epoch = 2", 1, "KP001")]
    [InlineData("state = 'incoming'", 1, "KP001")]
    [InlineData("state = 'moved'", 1, "KP001")]
    public async Task A_bucket_is_entered_when_it_is_open_under_the_same_epoch(string guard, int epoch, string? error)
    {
        await using var bed = await PlatformBed.SharedAsync(clusters);
        var shard = await ShardAsync(bed);
        await SetGuardAsync(bed, shard, guard);
        var failure = await Record.ExceptionAsync(() => EnterAsync(bed, shard, 1, 72, epoch));
        await SetGuardAsync(bed, shard, "state = 'open', epoch = 1");

        Assert.Equal(error, (failure as PostgresException)?.SqlState);
    }

    [Fact]
    public async Task A_bucket_this_shard_never_had_cannot_be_entered()
    {
        await using var bed = await PlatformBed.SharedAsync(clusters);

        var failure = await Assert.ThrowsAsync<PostgresException>(() => EnterAsync(bed, "shard-1", 1, 120, 1));

        Assert.Equal("KP001", failure.SqlState);
    }

    [Fact]
    public async Task While_a_fence_waits_for_those_inside_others_are_turned_away_and_not_held()
    {
        await using var bed = await PlatformBed.SharedAsync(clusters);
        var shard = await ShardAsync(bed);
        await using var inside = new NpgsqlConnection(bed.ConnectionString(shard, PlatformRoles.App) + ";Pooling=false");
        await inside.OpenAsync();
        await using var transaction = await inside.BeginTransactionAsync();
        await using var enter = new NpgsqlCommand("select shop.enter(1, 72, 1)", inside);
        await enter.ExecuteNonQueryAsync();
        var fencing = bed.AskAsync(shard, PlatformRoles.Mover, "select shop.fence(72, 1)");
        await Eventually.TrueAsync(async () => (await bed.AskAsync(
            shard, PlatformRoles.Administrator, "select 1 from pg_locks where locktype = 'advisory' and not granted")).Count == 1);

        var turnedAway = await Assert.ThrowsAsync<PostgresException>(() => EnterAsync(bed, shard, 3, 72, 1));
        Assert.Equal("KP002", turnedAway.SqlState);
        Assert.False(fencing.IsCompleted);

        await transaction.CommitAsync();
        await fencing;
        var fenced = await Assert.ThrowsAsync<PostgresException>(() => EnterAsync(bed, shard, 3, 72, 1));
        Assert.Equal("KP002", fenced.SqlState);
        await SetGuardAsync(bed, shard, "state = 'open'");
    }

    /// <returns>The shard of tenants 1 and 3.</returns>
    private static async Task<string> ShardAsync(PlatformBed bed)
    {
        Assert.Equal(Buckets.Of(1), Buckets.Of(3));
        return (await bed.RouteAsync(1)).Shard.Name;
    }

    private static async Task EnterAsync(PlatformBed bed, string shard, long tenant, int bucket, int epoch) =>
        await bed.AskAsync(shard, PlatformRoles.App, $"select shop.enter({tenant}, {bucket}, {epoch})");

    private static async Task SetGuardAsync(PlatformBed bed, string shard, string values) =>
        await bed.AskAsync(shard, PlatformRoles.Mover, $"update shop.bucket_guard set {values} where bucket = 72");

    private static async Task<long> EnteredAsync(PlatformBed bed, long tenant, string sql)
    {
        var shard = (await bed.RouteAsync(tenant)).Shard.Name;
        var settings = new NpgsqlConnectionStringBuilder(bed.ConnectionString(shard, PlatformRoles.App)) { Pooling = false };
        await using var connection = new NpgsqlConnection(settings.ConnectionString);
        await connection.OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using var enter = new NpgsqlCommand($"select shop.enter({tenant}, {Buckets.Of(tenant)}, 1)", connection);
        await enter.ExecuteNonQueryAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync() as long? ?? -1;
    }

    private static async Task<long> CountAsync(NpgsqlConnection connection)
    {
        await using var command = new NpgsqlCommand("select count(*) from shop.account", connection);
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
