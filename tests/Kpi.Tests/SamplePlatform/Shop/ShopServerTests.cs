using System.Net;
using Kpi.SamplePlatform.Sharding;
using Kpi.SamplePlatform.Shop.Hosting;
using Npgsql;

namespace Kpi.Tests.SamplePlatform.Shop;

[Collection(UsesShop.Name)]
public sealed class ShopServerTests(ShopPlatform platform) : IAsyncLifetime
{
    private ShopUnderTest shop = null!;

    public async Task InitializeAsync() => shop = await ShopUnderTest.StartAsync(platform);

    public async Task DisposeAsync() => await shop.DisposeAsync();

    [Fact]
    public async Task It_answers_health_without_a_token() =>
        Assert.Equal(HttpStatusCode.OK, await shop.StatusAsync("GET", "healthz", token: ""));

    [Fact]
    public async Task Its_connections_are_open_before_the_first_request_and_gone_with_it()
    {
        Assert.True(await ConnectionsAsync() >= OpenConnections.PerShard);

        await shop.DisposeAsync();
        var start = TimeProvider.System.GetTimestamp();
        while (await ConnectionsAsync() > 0)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(start) < TimeSpan.FromSeconds(10), "connections stay behind");
        }

        shop = await ShopUnderTest.StartAsync(platform);
    }

    private async Task<long> ConnectionsAsync()
    {
        var settings = new NpgsqlConnectionStringBuilder(platform.Servers.Postgres("shard-2").ConnectionString(ShopServers.Database)) { Pooling = false };
        await using var connection = new NpgsqlConnection(settings.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("select count(*) from pg_stat_activity where usename = $1", connection)
        {
            Parameters = { new NpgsqlParameter { Value = PlatformRoles.App } },
        };

        return (long)(await command.ExecuteScalarAsync())!;
    }

    [Fact]
    public async Task Who_signs_up_has_an_account_and_an_assortment()
    {
        var joined = await shop.JsonAsync("POST", "signup", body: new { name = "Mills & Co", plan = "team" }, token: "");
        var token = (string)joined["token"]!;

        var own = await shop.JsonAsync("GET", "account", token: token);
        Assert.Equal(("Mills & Co", "team", 1), ((string)own["company"]!, (string)own["plan"]!, (int)own["account"]!));
        Assert.Equal((long)joined["tenant"]!, (long)own["tenant"]!);
        Assert.Equal(50, (await shop.JsonAsync("GET", "products?limit=100", token: token)).AsArray().Count);
    }

    [Fact]
    public async Task A_plan_is_changed_and_a_tenant_that_has_left_changes_nothing_any_more()
    {
        var token = (string)(await shop.JsonAsync("POST", "signup", body: new { name = "Leaving", plan = "free" }, token: ""))["token"]!;
        Assert.Equal(HttpStatusCode.NoContent, await shop.StatusAsync("PUT", "account/plan", body: new { plan = "business" }, token: token));
        Assert.Equal("business", (string)(await shop.JsonAsync("GET", "account", token: token))["plan"]!);
        await shop.JsonAsync("PUT", "cart/items/1", body: new { quantity = 1 }, token: token);

        Assert.Equal(HttpStatusCode.NoContent, await shop.StatusAsync("POST", "account/cancel", token: token));
        Assert.Equal(HttpStatusCode.NoContent, await shop.StatusAsync("POST", "account/cancel", token: token));
        Assert.Equal(HttpStatusCode.Conflict, await shop.StatusAsync("PUT", "account/plan", body: new { plan = "team" }, token: token));
        Assert.Equal(HttpStatusCode.Conflict, await shop.StatusAsync("POST", "orders", token: token, key: "late"));
        Assert.NotNull((await shop.JsonAsync("GET", "account", token: token))["cancelled"]);
    }

    [Fact]
    public async Task Products_are_listed_in_pages_and_shown_one_by_one()
    {
        var first = (await shop.JsonAsync("GET", "products?limit=25")).AsArray();
        var second = (await shop.JsonAsync("GET", $"products?limit=100&after={first[^1]!["id"]}")).AsArray();
        Assert.Equal(Enumerable.Range(1, 60), first.Concat(second).Select(p => (int)p!["id"]!));

        var product = await shop.JsonAsync("GET", "products/7");
        Assert.Equal(("Product 7", "GBP", 199 + (7 * 7919 % 5000)), ((string)product["name"]!, (string)product["currency"]!, (int)product["priceCents"]!));
        Assert.Equal(HttpStatusCode.NotFound, await shop.StatusAsync("GET", "products/61"));
    }

    [Fact]
    public async Task A_cart_is_filled_changed_and_emptied()
    {
        await shop.JsonAsync("PUT", "cart/items/3", account: 5, body: new { quantity = 2 });
        await shop.JsonAsync("PUT", "cart/items/4", account: 5, body: new { quantity = 1 });
        await shop.JsonAsync("PUT", "cart/items/3", account: 5, body: new { quantity = 5 });

        var cart = await shop.JsonAsync("GET", "cart", account: 5);
        Assert.Equal([(3, 5), (4, 1)], cart["items"]!.AsArray().Select(i => ((int)i!["product"]!, (int)i["quantity"]!)));
        Assert.Equal(cart["items"]!.AsArray().Sum(i => (int)i!["quantity"]! * (int)i["priceCents"]!), (int)cart["totalCents"]!);

        Assert.Equal(HttpStatusCode.NoContent, await shop.StatusAsync("DELETE", "cart/items/3", account: 5));
        Assert.Equal(HttpStatusCode.NotFound, await shop.StatusAsync("DELETE", "cart/items/3", account: 5));
        Assert.Equal(HttpStatusCode.NoContent, await shop.StatusAsync("DELETE", "cart/items/4", account: 5));
        Assert.Empty((await shop.JsonAsync("GET", "cart", account: 5))["items"]!.AsArray());
    }

    [Theory]
    [InlineData("GET", "products?limit=101", null)]
    [InlineData("GET", "products?limit=0", null)]
    [InlineData("GET", "products?limit=many", null)]
    [InlineData("GET", "orders?limit=101", null)]
    [InlineData("PUT", "cart/items/1", """{"quantity":0}""")]
    [InlineData("PUT", "cart/items/1", """{"quantity":1001}""")]
    [InlineData("PUT", "cart/items/1", """{"quantity":"two"}""")]
    [InlineData("PUT", "cart/items/1", """{""")]
    [InlineData("PUT", "account/plan", """{"plan":"gold"}""")]
    [InlineData("POST", "orders", null)]
    public async Task What_makes_no_sense_is_a_problem_of_the_callers(string method, string path, string? json) =>
        Assert.Equal(HttpStatusCode.BadRequest, await RawAsync(method, path, json));

    [Theory]
    [InlineData("""{"name":"","plan":"free"}""")]
    [InlineData("""{"plan":"free"}""")]
    [InlineData("""{"name":"No plan"}""")]
    public async Task A_sign_up_without_name_or_plan_is_refused(string json) =>
        Assert.Equal(HttpStatusCode.BadRequest, await RawAsync("POST", "signup", json));

    [Fact]
    public async Task A_body_that_is_too_large_is_refused() =>
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, await RawAsync("POST", "signup", $$"""{"name":"{{new string('x', 20_000)}}","plan":"free"}"""));

    [Fact]
    public async Task An_unknown_path_is_not_found_and_a_wrong_method_is_not_allowed()
    {
        Assert.Equal(HttpStatusCode.NotFound, await shop.StatusAsync("GET", "nothing/here"));
        Assert.Equal(HttpStatusCode.MethodNotAllowed, await shop.StatusAsync("PATCH", "cart"));
    }

    private async Task<HttpStatusCode> RawAsync(string method, string path, string? json)
    {
        using var client = new HttpClient { BaseAddress = shop.Address };
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(path, UriKind.Relative));
        request.Headers.Authorization = new("Bearer", ShopPlatform.Tokens.Issue(1, 1));
        request.Content = json is null ? null : new StringContent(json, System.Text.Encoding.UTF8, "application/json");
        using var answer = await client.SendAsync(request);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        return answer.StatusCode;
    }
}
