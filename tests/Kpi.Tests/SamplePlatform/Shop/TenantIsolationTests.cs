using System.Net;
using Kpi.SamplePlatform.Shop.Access;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Kpi.Tests.SamplePlatform.Shop;

[Collection(UsesShop.Name)]
public sealed class TenantIsolationTests(ShopPlatform platform) : IAsyncLifetime
{
    private const long Owner = 8;
    private const long OwnerAccount = 5;
    private const int OwnersProduct = 55; // a tenant that signs up has 50

    private ShopUnderTest shop = null!;
    private string stranger = "";
    private long order;

    public async Task InitializeAsync()
    {
        shop = await ShopUnderTest.StartAsync(platform);
        stranger = (string)(await shop.JsonAsync("POST", "signup", body: new { name = "Stranger", plan = "free" }, token: ""))["token"]!;
        order = (long)(await shop.OrderAsync($"of the owner {Guid.NewGuid()}", Owner, OwnerAccount, (OwnersProduct, 1)))["id"]!;
        await shop.JsonAsync("PUT", $"cart/items/{OwnersProduct}", Owner, OwnerAccount, new { quantity = 1 });
    }

    public async Task DisposeAsync() => await shop.DisposeAsync();

    /// <summary>Per endpoint that takes an id: the path to a row of the owner's, and what is sent. A new endpoint fails without a case.</summary>
    private Dictionary<string, (string Path, object? Body)> Cases => new()
    {
        ["GET /products/{id:long}"] = ($"products/{OwnersProduct}", null),
        ["GET /accounts/{id:long}"] = ($"accounts/{OwnerAccount}", null),
        ["GET /orders/{id:long}"] = ($"orders/{order}", null),
        ["PUT /cart/items/{product:long}"] = ($"cart/items/{OwnersProduct}", new { quantity = 2 }),
        ["DELETE /cart/items/{product:long}"] = ($"cart/items/{OwnersProduct}", null),
    };

    [Fact]
    public async Task A_tenants_token_gets_not_found_for_anothers_rows_on_every_endpoint_that_takes_an_id()
    {
        var withId = Endpoints(Audience.Tenant).Where(e => e.Route.Contains('{', StringComparison.Ordinal)).Select(e => $"{e.Method} {e.Route}").ToArray();
        Assert.Equal(Cases.Keys.Order(), withId.Order());

        foreach (var (endpoint, (path, body)) in Cases)
        {
            var method = endpoint.Split(' ')[0];
            Assert.Equal((endpoint, HttpStatusCode.NotFound), (endpoint, await shop.StatusAsync(method, path, body: body, token: stranger)));
            Assert.True(await shop.StatusAsync(method, path, Owner, OwnerAccount, body) < HttpStatusCode.BadRequest, $"{endpoint}: the row is not there for its owner");

            // Once more: what the owner has read is in the cache now.
            Assert.Equal((endpoint, HttpStatusCode.NotFound), (endpoint, await shop.StatusAsync(method, path, body: body, token: stranger)));
        }
    }

    [Fact]
    public async Task What_a_tenant_reads_without_an_id_is_its_own()
    {
        var reads = Endpoints(Audience.Tenant).Where(e => e.Method == "GET" && !e.Route.Contains('{', StringComparison.Ordinal)).Select(e => e.Route).ToArray();
        Assert.Contains("/orders", reads);
        foreach (var route in reads)
        {
            var text = (await shop.JsonAsync("GET", route.TrimStart('/'), token: stranger)).ToJsonString();
            Assert.DoesNotContain($"\"id\":{order}", text, StringComparison.Ordinal);
            Assert.DoesNotContain($"Product {OwnersProduct}", text, StringComparison.Ordinal);
            Assert.DoesNotContain($"Tenant {Owner}", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Every_endpoint_but_the_open_ones_wants_the_right_token()
    {
        var good = ShopPlatform.Tokens.Issue(1, 1);
        var wrong = new[] { "", "nonsense", "1.1.", $"2{good[1..]}", good[..^1] + (good[^1] == 'A' ? 'B' : 'A'), new ShopTokens(new byte[32]).Issue(1, 1) };
        foreach (var (method, route, audience) in Endpoints(Audience.Tenant).Concat(Endpoints(Audience.Operator)))
        {
            var path = route.TrimStart('/').Replace("{id:long}", "1", StringComparison.Ordinal).Replace("{product:long}", "1", StringComparison.Ordinal);
            foreach (var token in wrong.Append(audience == Audience.Operator ? good : ShopPlatform.Tokens.IssueForOperator()))
            {
                Assert.Equal((method, route, token, HttpStatusCode.Unauthorized), (method, route, token, await shop.StatusAsync(method, path, token: token)));
            }
        }
    }

    [Fact]
    public void Open_to_everyone_are_sign_up_health_and_the_switches_and_nothing_else() => Assert.Equal(
        ["/faults", "/faults/{name}", "/healthz", "/signup"], Endpoints(Audience.Everyone).Select(e => e.Route).Distinct().Order());

    private IEnumerable<(string Method, string Route, Audience Audience)> Endpoints(Audience audience) =>
        from endpoint in shop.Get<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        where endpoint.Metadata.OfType<Audience>().LastOrDefault(Audience.Tenant) == audience
        from method in endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()!.HttpMethods
        select (method, "/" + endpoint.RoutePattern.RawText!.Trim('/'), audience);
}
