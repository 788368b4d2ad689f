using Kpi.SamplePlatform.Sharding;
using Kpi.SamplePlatform.Sharding.Moves;
using Npgsql;

namespace Kpi.Tests.SamplePlatform.Sharding.Moves;

/// <summary>Moves of one tenant's bucket from its shard to the next, with four shards.</summary>
[Collection(UsesPostgres.Name)]
public sealed class ShardMoveTests(PostgresClusters clusters)
{
    private const long Tenant = 5;
    private const int Tenants = 13;

    private static readonly string[] Shards = ["shard-1", "shard-2", "shard-3", "shard-4"];

    [Theory]
    [InlineData("journal only", 2)]
    [InlineData(nameof(MoveStep.Prepare), 4)]
    [InlineData(nameof(MoveStep.Fence), 5)]
    [InlineData(nameof(MoveStep.Copy), 6)]
    [InlineData(nameof(MoveStep.Compare), 7)]
    [InlineData(nameof(MoveStep.Open), 8)]
    [InlineData(nameof(MoveStep.Commit), 9)]
    [InlineData(nameof(MoveStep.Clean), 10)]
    [InlineData(nameof(MoveStep.End), 11)]
    public async Task Cut_short_after_any_step_it_is_undone_or_finished_and_nothing_is_lost_or_doubled(string after, long tenant)
    {
        await using var bed = await PlatformBed.SharedAsync(clusters);
        var router = await bed.RouterAsync();
        await Orders.PlaceAsync(router, tenant, 1);
        await Orders.PlaceAsync(router, tenant, 2);
        var written = await Orders.EverywhereAsync(bed, Shards);
        var last = Enum.TryParse<MoveStep>(after, out var named) ? named : (MoveStep?)null;
        var before = await bed.RouteAsync(tenant);
        var move = await BeginAsync(bed, before);
        if (last is { } step)
        {
            await move.RunAsync(step, CancellationToken.None);
        }

        var report = await bed.Addition.EndOpenAsync(CancellationToken.None);

        var committed = last is >= MoveStep.Commit;
        Assert.Equal(last is MoveStep.End ? (0, 0) : committed ? (1, 0) : (0, 1), (report.Finished, report.Undone));
        Assert.Equal(written, await Orders.EverywhereAsync(bed, Shards));
        var now = await bed.RouteAsync(tenant);
        Assert.Equal(committed ? (TargetOf(before), 2) : (before.Shard.Name, 1), (now.Shard.Name, now.Epoch));
        // The router has not been told of anything.
        await Orders.PlaceAsync(router, tenant, 3);
        Assert.Equal([1, 2, 3], await Orders.NumbersAsync(router, tenant));
        Assert.Empty(await new MoveJournal(bed.Connections.Mover("catalogue")).ReadOpenAsync(CancellationToken.None));
    }

    [Fact]
    public async Task A_bucket_can_be_moved_away_and_back()
    {
        await using var bed = await PlatformBed.CreateAsync(clusters);
        var router = await FilledAsync(bed);
        for (var epoch = 1; epoch <= 4; epoch++)
        {
            var route = await bed.RouteAsync(Tenant);
            Assert.Equal(epoch, route.Epoch);
            await (await BeginAsync(bed, route)).RunAsync(MoveStep.End, CancellationToken.None);
            Assert.Equal([1, 2, 3], await Orders.NumbersAsync(router, Tenant));
        }
    }

    [Fact]
    public async Task A_copy_that_is_not_equal_does_not_commit()
    {
        await using var bed = await PlatformBed.CreateAsync(clusters);
        var router = await FilledAsync(bed);
        var route = await bed.RouteAsync(Tenant);
        await bed.AskAsync(TargetOf(route), PlatformRoles.Administrator, """
            create function damage() returns trigger language plpgsql as 'begin new.total_cents := new.total_cents + 1; return new; end';
            create trigger damage before insert on shop.orders for each row when (new.order_id = 2) execute function damage();
            alter table shop.orders enable always trigger damage;
            """);
        var move = await BeginAsync(bed, route);

        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => move.RunAsync(MoveStep.End, CancellationToken.None));
        Assert.Contains("orders", failure.Message, StringComparison.Ordinal);
        Assert.False(await move.EndAsync(CancellationToken.None));

        Assert.Equal(route.Shard.Name, (await bed.RouteAsync(Tenant)).Shard.Name);
        Assert.Equal([1, 2, 3], await Orders.NumbersAsync(router, Tenant));
    }

    [Fact]
    public async Task A_move_that_was_given_up_cannot_commit_any_more()
    {
        await using var bed = await PlatformBed.CreateAsync(clusters);
        await FilledAsync(bed);
        var route = await bed.RouteAsync(Tenant);
        var move = await BeginAsync(bed, route);
        await move.RunAsync(MoveStep.Open, CancellationToken.None);
        await bed.Addition.EndOpenAsync(CancellationToken.None);

        await Assert.ThrowsAnyAsync<Exception>(() => move.RunAsync(MoveStep.Commit, CancellationToken.None));

        Assert.Equal(route.Epoch, (await bed.RouteAsync(Tenant)).Epoch);
    }

    [Fact]
    public async Task A_bucket_has_one_move_at_a_time()
    {
        await using var bed = await PlatformBed.CreateAsync(clusters);
        await FilledAsync(bed);
        var route = await bed.RouteAsync(Tenant);
        await BeginAsync(bed, route);

        var refused = await Assert.ThrowsAsync<PostgresException>(() => BeginAsync(bed, route));

        Assert.Equal(PostgresErrorCodes.UniqueViolation, refused.SqlState);
    }

    [Fact]
    public async Task A_fenced_bucket_is_entered_when_the_move_has_ended()
    {
        await using var bed = await PlatformBed.CreateAsync(clusters);
        var router = await FilledAsync(bed);
        var move = await BeginAsync(bed, await bed.RouteAsync(Tenant));
        await move.RunAsync(MoveStep.Fence, CancellationToken.None);

        var waiting = Orders.PlaceAsync(router, Tenant, 4);
        await Assert.ThrowsAsync<TimeoutException>(() => waiting.WaitAsync(TimeSpan.FromMilliseconds(200)));
        await move.EndAsync(CancellationToken.None);

        Assert.True(await waiting > 1);
        Assert.Equal([1, 2, 3, 4], await Orders.NumbersAsync(router, Tenant));
    }

    [Fact]
    public async Task Who_waits_for_a_fenced_bucket_gives_up_at_the_deadline()
    {
        await using var bed = await PlatformBed.CreateAsync(clusters);
        await FilledAsync(bed);
        var route = await bed.RouteAsync(Tenant);
        await (await BeginAsync(bed, route)).RunAsync(MoveStep.Fence, CancellationToken.None);
        var directory = await ShardDirectory.LoadAsync(bed.Catalogue, CancellationToken.None);
        var impatient = new ShardRouter(directory, null, TimeProvider.System) { Deadline = TimeSpan.FromMilliseconds(100) };

        var failure = await Assert.ThrowsAsync<ShardUnavailableException>(() => Orders.NumbersAsync(impatient, Tenant));

        Assert.Equal(route.Shard.Name, failure.Shard);
        // Other buckets of the same shard are not concerned.
        var neighbour = Enumerable.Range(1, Tenants).First(t =>
            Buckets.Of(t) % 4 == Buckets.Of(Tenant) % 4 && Buckets.Of(t) != Buckets.Of(Tenant));
        Assert.Equal([1, 2, 3], await Orders.NumbersAsync(impatient, neighbour));
    }

    [Fact]
    public async Task When_the_target_is_gone_the_source_is_open_again_and_the_rest_is_undone_later()
    {
        await using var bed = await PlatformBed.CreateAsync(clusters);
        var router = await FilledAsync(bed);
        var route = await bed.RouteAsync(Tenant);
        var move = await BeginAsync(bed, route);
        await move.RunAsync(MoveStep.Copy, CancellationToken.None);
        await clusters[TargetOf(route)].StopAsync(immediate: true, CancellationToken.None);
        try
        {
            await Assert.ThrowsAnyAsync<NpgsqlException>(() => move.EndAsync(CancellationToken.None));
            Assert.Equal([1, 2, 3], await Orders.NumbersAsync(router, Tenant));
        }
        finally
        {
            await clusters[TargetOf(route)].StartAsync(CancellationToken.None);
        }

        await Eventually.TrueAsync(async () => (await bed.Addition.EndOpenAsync(CancellationToken.None)).Undone == 1);
        Assert.Equal(Tenants * 3, (await Orders.EverywhereAsync(bed, Shards)).Count);
    }

    private static string TargetOf(Route route) => Shards[route.Shard.Id % 4];

    private static async Task<ShardRouter> FilledAsync(PlatformBed bed)
    {
        var router = await bed.RouterAsync();
        foreach (var tenant in await bed.TenantsAsync(router, Tenants))
        {
            for (var number = 1; number <= 3; number++)
            {
                await Orders.PlaceAsync(router, tenant, number);
            }
        }

        return router;
    }

    private static async Task<ShardMove> BeginAsync(PlatformBed bed, Route route)
    {
        var target = bed.Connections.Shard(TargetOf(route)[^1] - '0', TargetOf(route));
        var entry = await new MoveJournal(bed.Connections.Mover("catalogue")).BeginAsync(route, target, CancellationToken.None);
        return new ShardMove(entry, bed.Connections, TimeProvider.System);
    }
}
