using System.Net;
using System.Text.Json.Nodes;
using Kpi.SamplePlatform.Sharding;
using Kpi.SamplePlatform.Shop.Hosting;
using Npgsql;

namespace Kpi.Tests.SamplePlatform.Shop;

[Collection(UsesShop.Name)]
public sealed class OrderPlacementTests(ShopPlatform platform) : IAsyncLifetime
{
    private ShopUnderTest shop = null!;

    public async Task InitializeAsync() => shop = await ShopUnderTest.StartAsync(platform);

    public async Task DisposeAsync() => await shop.DisposeAsync();

    [Fact]
    public async Task An_order_takes_cart_stock_and_todays_prices()
    {
        var before = await shop.JsonAsync("GET", "products/11", tenant: 2);
        var order = await shop.OrderAsync("first", 2, 1, (11, 3), (12, 1));

        var lines = order["lines"]!.AsArray();
        Assert.Equal([(11, 3), (12, 1)], lines.Select(l => ((int)l!["product"]!, (int)l["quantity"]!)));
        Assert.Equal((int)before["priceCents"]!, (int)lines[0]!["priceCents"]!);
        Assert.Equal(lines.Sum(l => (int)l!["quantity"]! * (int)l["priceCents"]!), (int)order["totalCents"]!);
        Assert.Empty((await shop.JsonAsync("GET", "cart", tenant: 2))["items"]!.AsArray());
        Assert.Equal((int)before["stock"]! - 3, (int)(await shop.JsonAsync("GET", "products/11", tenant: 2))["stock"]!);
        Assert.True(JsonNode.DeepEquals(order, await shop.JsonAsync("GET", $"orders/{order["id"]}", tenant: 2)));
        Assert.Contains((long)order["id"]!, (await shop.JsonAsync("GET", "orders", tenant: 2)).AsArray().Select(o => (long)o!["id"]!));
    }

    [Fact]
    public async Task Retries_at_the_same_moment_and_later_buy_once()
    {
        await shop.JsonAsync("PUT", "cart/items/20", tenant: 3, body: new { quantity = 2 });
        var before = await StockAsync(3, 20);

        var orders = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => shop.JsonAsync("POST", "orders", tenant: 3, key: "again")));
        await shop.JsonAsync("PUT", "cart/items/21", tenant: 3, body: new { quantity = 1 });
        var later = await shop.JsonAsync("POST", "orders", tenant: 3, key: "again");

        Assert.Single(orders.Append(later).Select(o => (long)o["id"]!).Distinct());
        Assert.Single(later["lines"]!.AsArray());
        Assert.Equal(before - 2, await StockAsync(3, 20));
        Assert.Single((await shop.JsonAsync("GET", "cart", tenant: 3))["items"]!.AsArray());
    }

    [Fact]
    public async Task Another_account_with_the_same_key_has_an_order_of_its_own()
    {
        var one = await shop.OrderAsync("same", 4, 1, (1, 1));
        var two = await shop.OrderAsync("same", 4, 2, (2, 1));

        Assert.NotEqual((long)one["id"]!, (long)two["id"]!);
        Assert.Equal(HttpStatusCode.NotFound, await shop.StatusAsync("GET", $"orders/{one["id"]}", 4, 2));
    }

    [Fact]
    public async Task Buyers_of_the_last_ones_get_them_or_a_conflict_and_stock_ends_at_zero()
    {
        await SetStockAsync(5, 30, 7);
        await SetStockAsync(5, 31, 1_000);
        var accounts = Enumerable.Range(1, 15).ToArray();
        foreach (var account in accounts)
        {
            await shop.JsonAsync("PUT", "cart/items/31", 5, account, new { quantity = 1 });
            await shop.JsonAsync("PUT", "cart/items/30", 5, account, new { quantity = 1 });
        }

        var answers = await Task.WhenAll(accounts.Select(account => shop.StatusAsync("POST", "orders", 5, account, key: "race")));

        Assert.Equal((7, 8), (answers.Count(a => a == HttpStatusCode.Created), answers.Count(a => a == HttpStatusCode.Conflict)));
        Assert.Equal((0, 993), (await StockAsync(5, 30), await StockAsync(5, 31)));
        var loser = accounts[Array.IndexOf(answers, HttpStatusCode.Conflict)];
        Assert.Equal(2, (await shop.JsonAsync("GET", "cart", 5, loser))["items"]!.AsArray().Count);
    }

    [Fact]
    public async Task Carts_in_opposite_orders_do_not_block_each_other()
    {
        var accounts = Enumerable.Range(1, 12).ToArray();
        foreach (var account in accounts)
        {
            foreach (var product in account % 2 == 0 ? Enumerable.Range(40, 5) : Enumerable.Range(40, 5).Reverse())
            {
                await shop.JsonAsync("PUT", $"cart/items/{product}", 6, account, new { quantity = 1 });
            }
        }

        var answers = await Task.WhenAll(accounts.Select(account => shop.StatusAsync("POST", "orders", 6, account, key: "crossed")));

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.Created, answer));
    }

    [Fact]
    public async Task An_empty_cart_is_no_order() =>
        Assert.Equal(HttpStatusCode.Conflict, await shop.StatusAsync("POST", "orders", 7, 9, key: "nothing"));

    /// <summary>Past cache and shop.</summary>
    private async Task<int> StockAsync(long tenant, long product) => Convert.ToInt32(
        await OnShardsAsync("select stock from shop.product where tenant_id = $1 and product_id = $2", tenant, product),
        System.Globalization.CultureInfo.InvariantCulture);

    private async Task SetStockAsync(long tenant, long product, int stock) =>
        await OnShardsAsync("update shop.product set stock = $3 where tenant_id = $1 and product_id = $2 returning stock", tenant, product, stock);

    private async Task<object?> OnShardsAsync(string sql, params object[] values)
    {
        var shard = shop.Get<ShardDirectory>().Current.Of(Buckets.Of((long)values[0])).Shard.Name;
        var settings = new NpgsqlConnectionStringBuilder(platform.Servers.Postgres(shard).ConnectionString(ShopServers.Database)) { Pooling = false };
        await using var connection = new NpgsqlConnection(settings.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }

        return await command.ExecuteScalarAsync();
    }
}
