using System.Globalization;
using Kpi.SamplePlatform.Sharding;
using Npgsql;

namespace Kpi.Tests.SamplePlatform.Sharding;

/// <summary>Numbered rows of a tenant, written and read through a router.</summary>
internal static class Orders
{
    /// <returns>How often the statements were sent; more than once after a refusal.</returns>
    public static async Task<int> PlaceAsync(ShardRouter router, long tenant, long number)
    {
        var sent = 0;
        await router.RunAsync(
            tenant,
            batch =>
            {
                sent++;
                batch.BatchCommands.Add(new NpgsqlBatchCommand("insert into shop.orders values ($1, $2, 1, now(), 100, $3)")
                {
                    Parameters =
                    {
                        new NpgsqlParameter<long> { TypedValue = tenant },
                        new NpgsqlParameter<long> { TypedValue = number },
                        new NpgsqlParameter<string> { TypedValue = number.ToString(CultureInfo.InvariantCulture) },
                    },
                });
            },
            static (_, _) => Task.FromResult(true),
            CancellationToken.None);
        return sent;
    }

    public static Task<List<long>> NumbersAsync(ShardRouter router, long tenant) => router.RunAsync(
        tenant,
        batch => batch.BatchCommands.Add(new NpgsqlBatchCommand("select order_id from shop.orders order by order_id")),
        static async (reader, token) =>
        {
            var numbers = new List<long>();
            while (await reader.ReadAsync(token))
            {
                numbers.Add(reader.GetInt64(0));
            }

            return numbers;
        },
        CancellationToken.None);

    /// <summary>All rows there are on the shards, whoever may see them: (tenant, number), sorted.</summary>
    public static async Task<List<(long Tenant, long Number)>> EverywhereAsync(PlatformBed bed, IEnumerable<string> shards)
    {
        var rows = new List<(long, long)>();
        foreach (var shard in shards)
        {
            var found = await bed.AskAsync(shard, PlatformRoles.Mover, "select tenant_id, order_id from shop.orders");
            rows.AddRange(found.Select(r => ((long)r[0], (long)r[1])));
        }

        rows.Sort();
        return rows;
    }
}
