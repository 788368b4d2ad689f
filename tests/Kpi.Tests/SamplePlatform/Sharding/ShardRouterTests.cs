using Kpi.SamplePlatform.Sharding;
using Npgsql;

namespace Kpi.Tests.SamplePlatform.Sharding;

[Collection(UsesPostgres.Name)]
public sealed class ShardRouterTests(PostgresClusters clusters)
{
    [Fact]
    public async Task A_tenant_reads_what_it_wrote()
    {
        await using var bed = await PlatformBed.CreateAsync(clusters);
        var router = await bed.RouterAsync();
        var tenants = await bed.TenantsAsync(router, 20);

        foreach (var tenant in tenants)
        {
            Assert.Equal([tenant], await SeenAsync(router, tenant));
        }
    }

    private static Task<List<long>> SeenAsync(ShardRouter router, long tenant) => router.RunAsync(
        tenant,
        batch => batch.BatchCommands.Add(new NpgsqlBatchCommand("select tenant_id from shop.account")),
        async (reader, token) =>
        {
            var seen = new List<long>();
            while (await reader.ReadAsync(token))
            {
                seen.Add(reader.GetInt64(0));
            }

            return seen;
        },
        CancellationToken.None);
}
