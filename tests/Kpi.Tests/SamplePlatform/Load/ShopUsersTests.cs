using System.Collections.Concurrent;
using Kpi.SamplePlatform.Load;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Kpi.Tests.SamplePlatform.Load;

public sealed class ShopUsersTests : IAsyncLifetime, IDisposable
{
    private readonly ConcurrentQueue<Heard> heard = [];
    private WebApplication shop = null!;
    private ShopUsers users = null!;

    [Theory]
    [InlineData(RequestKind.BrowseProduct, "GET /products/5")]
    [InlineData(RequestKind.ListProducts, "GET /products?after=4&limit=20")]
    [InlineData(RequestKind.GetCart, "GET /cart")]
    [InlineData(RequestKind.PutCartItem, "PUT /cart/items/5")]
    [InlineData(RequestKind.PlaceOrder, "POST /orders")]
    [InlineData(RequestKind.ListOrders, "GET /orders")]
    [InlineData(RequestKind.GetAccount, "GET /account")]
    [InlineData(RequestKind.ChangePlan, "PUT /account/plan")]
    internal async Task A_user_asks_with_the_token_of_the_account(RequestKind kind, string line)
    {
        Assert.Equal(200, await SendAsync(kind));

        Assert.Equal((line, "Bearer token-2-3"), heard.Select(h => (h.Line, h.Token)).Single());
    }

    [Fact]
    public async Task Only_tenants_that_were_signed_up_here_cancel()
    {
        await SendAsync(RequestKind.Cancel);
        await SendAsync(RequestKind.Cancel);
        await SendAsync(RequestKind.Cancel);

        Assert.Equal(
            [("POST /signup", ""), ("POST /account/cancel", "Bearer signed-up"), ("POST /signup", "")],
            heard.Select(h => (h.Line, h.Token)));
    }

    [Fact]
    public async Task An_order_is_looked_at_by_who_placed_it()
    {
        await SendAsync(RequestKind.GetOrder);
        await SendAsync(RequestKind.PlaceOrder);
        Assert.Equal(200, await users.SendAsync(Request(RequestKind.GetOrder) with { Tenant = 9, Account = 9 }, CancellationToken.None));

        Assert.Equal(["GET /orders", "POST /orders", "GET /orders/77"], heard.Select(h => h.Line));
        Assert.Equal("Bearer token-2-3", heard.Last().Token);
    }

    [Fact]
    public async Task Every_order_has_a_key_of_its_own()
    {
        await SendAsync(RequestKind.PlaceOrder);
        await users.SendAsync(Request(RequestKind.PlaceOrder) with { Sequence = 2 }, CancellationToken.None);
        using var otherRun = new ShopUsers(new Uri(shop.Urls.Single()), (_, _) => "");
        await otherRun.SendAsync(Request(RequestKind.PlaceOrder), CancellationToken.None);

        Assert.Equal(3, heard.Select(h => h.Key).Distinct().Count());
    }

    [Fact]
    public async Task Nobody_there_is_no_answer()
    {
        await shop.StopAsync();

        Assert.Null(await SendAsync(RequestKind.GetCart));
    }

    public async Task InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        shop = builder.Build();
        shop.Run(AnswerAsync);
        await shop.StartAsync();
        users = new ShopUsers(new Uri(shop.Urls.Single()), (tenant, account) => $"token-{tenant}-{account}");
    }

    public async Task DisposeAsync() => await shop.DisposeAsync();

    public void Dispose() => users.Dispose();

    private static PlannedRequest Request(RequestKind kind) => new(TimeSpan.Zero, 1, kind, 2, 3, 5, 1, 0);

    private Task<int?> SendAsync(RequestKind kind) => users.SendAsync(Request(kind), CancellationToken.None);

    private Task AnswerAsync(HttpContext context)
    {
        var request = context.Request;
        var line = $"{request.Method} {request.Path}{request.QueryString}";
        heard.Enqueue(new Heard(line, request.Headers.Authorization.ToString(), request.Headers["Idempotency-Key"].ToString()));
        return context.Response.WriteAsJsonAsync(new { id = 77, tenant = 50, token = "signed-up" });
    }

    private sealed record Heard(string Line, string Token, string Key);
}
