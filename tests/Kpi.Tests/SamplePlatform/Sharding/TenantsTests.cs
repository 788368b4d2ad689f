using Kpi.SamplePlatform.Sharding;

namespace Kpi.Tests.SamplePlatform.Sharding;

[Collection(UsesPostgres.Name)]
public sealed class TenantsTests(PostgresClusters clusters)
{
    [Fact]
    public async Task A_tenant_is_created_once_however_often_it_is_tried()
    {
        await using var bed = await PlatformBed.CreateAsync(clusters);
        var tenants = new Tenants(bed.Catalogue, await bed.RouterAsync(), TimeProvider.System);
        var id = await bed.Catalogue.NextTenantAsync(CancellationToken.None);
        Assert.Equal(1, id);
        Assert.Equal(2, await bed.Catalogue.NextTenantAsync(CancellationToken.None));

        await tenants.CreateAsync(id, "One", "free", null, CancellationToken.None);
        await tenants.CreateAsync(id, "One again", "pro", null, CancellationToken.None);

        Assert.Equal(["One", "free"], await InCatalogueAsync(bed, id));
        Assert.Equal(["One", "free", Buckets.Of(id), DBNull.Value], await OnShardAsync(bed, id));
    }

    [Fact]
    public async Task A_creation_whose_shard_was_away_is_completed_by_the_next_try()
    {
        await using var bed = await PlatformBed.CreateAsync(clusters);
        var tenants = new Tenants(bed.Catalogue, await bed.RouterAsync(), TimeProvider.System);
        var shard = clusters[(await bed.RouteAsync(1)).Shard.Name];
        await shard.StopAsync(immediate: true, CancellationToken.None);
        try
        {
            await Assert.ThrowsAsync<ShardUnavailableException>(() => tenants.CreateAsync(1, "One", "free", null, CancellationToken.None));
        }
        finally
        {
            await shard.StartAsync(CancellationToken.None);
        }

        await Eventually.TrueAsync(async () =>
        {
            await tenants.CreateAsync(1, "One", "free", null, CancellationToken.None);
            return true;
        });
        Assert.Equal("One", (await OnShardAsync(bed, 1))[0]);
    }

    [Fact]
    public async Task Plan_and_cancellation_stand_in_the_catalogue_and_on_the_shard()
    {
        await using var bed = await PlatformBed.CreateAsync(clusters);
        var clock = new Kpi.Testing.FakeClock();
        var tenants = new Tenants(bed.Catalogue, await bed.RouterAsync(), clock);
        await tenants.CreateAsync(1, "One", "free", null, CancellationToken.None);

        Assert.True(await tenants.ChangePlanAsync(1, "pro", CancellationToken.None));
        Assert.True(await tenants.CancelAsync(1, CancellationToken.None));
        var cancelled = clock.GetUtcNow().UtcDateTime;
        clock.Advance(TimeSpan.FromDays(1));
        Assert.True(await tenants.CancelAsync(1, CancellationToken.None));
        Assert.False(await tenants.ChangePlanAsync(1, "free", CancellationToken.None));
        Assert.False(await tenants.CancelAsync(2, CancellationToken.None));

        Assert.Equal(["One", "pro"], await InCatalogueAsync(bed, 1));
        Assert.Equal(["One", "pro", Buckets.Of(1), cancelled], await OnShardAsync(bed, 1));
    }

    private static async Task<object[]> InCatalogueAsync(PlatformBed bed, long id) => Assert.Single(
        await bed.AskAsync("catalogue", PlatformRoles.Report, $"select name, plan from catalogue.tenant where tenant_id = {id}"));

    private static async Task<object[]> OnShardAsync(PlatformBed bed, long id) => Assert.Single(await bed.AskAsync(
        (await bed.RouteAsync(id)).Shard.Name,
        PlatformRoles.Report,
        $"select name, plan, bucket, cancelled from shop.tenant where tenant_id = {id}"));
}
