using Kpi.SamplePlatform.Faults.Switches;
using Kpi.SamplePlatform.Sharding;
using Kpi.SamplePlatform.Shop.Access;
using Kpi.SamplePlatform.Shop.Hosting;
using Kpi.SamplePlatform.Shop.Statements;
using Npgsql;
using static Kpi.SamplePlatform.Shop.Statements.BatchExtensions;

namespace Kpi.SamplePlatform.Shop.Reports;

/// <summary>Questions over all tenants, for operators.</summary>
internal static class ReportEndpoints
{
    private static readonly TimeSpan PerShard = TimeSpan.FromSeconds(2);

    public static void MapReports(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapGet("/reports/top-products", TopProductsAsync).ForOperators();

    /// <summary>A product is on one shard, so that the best of each shard's best are the best of all.</summary>
    private static async Task<IResult> TopProductsAsync(
        ShardRouter router, StoppedShard fault, CancellationToken cancellation, int limit = ListLimit.Default)
    {
        if (ListLimit.Problem(limit) is { } problem)
        {
            return problem;
        }

        var found = await router.FanOutAsync((_, connection, token) => TopAsync(connection, limit, token), PerShard, cancellation)
            .ConfigureAwait(false);
        foreach (var shard in found.Missing)
        {
            fault.Missed(shard);
        }

        var products = found.Answers.SelectMany(a => a.Answer)
            .OrderByDescending(p => p.Quantity).ThenBy(p => p.Tenant).ThenBy(p => p.Product).Take(limit);
        return Results.Ok(new TopProducts([.. products], found.Partial, found.Missing));
    }

    private static async Task<List<SoldProduct>> TopAsync(NpgsqlConnection connection, int limit, CancellationToken cancellation)
    {
        const string Sql =
            """
            select tenant_id, product_id, sum(quantity)::bigint from shop.order_line
            group by tenant_id, product_id order by 3 desc, 1, 2 limit $1
            """;
        var command = new NpgsqlCommand(Sql, connection) { Parameters = { Of(limit) } };
        await using var _ = command.ConfigureAwait(false);
        var reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        await using var __ = reader.ConfigureAwait(false);
        return await reader.RowsAsync(static row => new SoldProduct(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2)), cancellation)
            .ConfigureAwait(false);
    }

    private sealed record SoldProduct(long Tenant, long Product, long Quantity);

    private sealed record TopProducts(IReadOnlyList<SoldProduct> Items, bool Partial, IReadOnlyList<string> Missing);
}
