using System.Net;
using System.Text;
using Kpi.Tests.SamplePlatform.Shop;

namespace Kpi.Tests.SamplePlatform.Faults;

[Collection(UsesShop.Name)]
public sealed class FaultEndpointsTests(ShopPlatform platform) : IAsyncLifetime
{
    private ShopUnderTest shop = null!;

    public async Task InitializeAsync() => shop = await ShopUnderTest.StartAsync(platform);

    public async Task DisposeAsync() => await shop.DisposeAsync();

    [Fact]
    public async Task The_ledger_lists_what_was_switched_on()
    {
        await shop.JsonAsync("PUT", "faults/n-plus-one", token: "");
        await shop.JsonAsync("DELETE", "faults/n-plus-one", token: "");
        await shop.JsonAsync("PUT", "faults/error-route", body: new { size = 0.5 }, token: "");

        var ledger = (await shop.JsonAsync("GET", "faults", token: "")).AsArray();
        Assert.Equal(
            [(1, "n-plus-one", 20.0, true), (2, "error-route", 0.5, false)],
            ledger.Select(e => ((int)e!["id"]!, (string)e["fault"]!, (double)e["size"]!, e["end"] is not null)));
        Assert.Equal(
            ["affected", "end", "fault", "id", "injectedSeconds", "size", "start", "target"], ledger[0]!.AsObject().Select(p => p.Key).Order());
    }

    [Fact]
    public async Task What_is_on_cannot_be_switched_on_and_what_is_off_not_off()
    {
        Assert.Equal(HttpStatusCode.Conflict, await shop.StatusAsync("DELETE", "faults/error-route"));
        Assert.Equal(HttpStatusCode.OK, await shop.StatusAsync("PUT", "faults/error-route"));
        Assert.Equal(HttpStatusCode.Conflict, await shop.StatusAsync("PUT", "faults/error-route"));
        Assert.Single((await shop.JsonAsync("GET", "faults")).AsArray());
    }

    [Theory]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    public async Task An_unknown_fault_is_not_found(string method) =>
        Assert.Equal(HttpStatusCode.NotFound, await shop.StatusAsync(method, "faults/earthquake"));

    [Theory]
    [InlineData("error-route", """{"size":1.5}""")]
    [InlineData("error-route", """{"size":0}""")]
    [InlineData("error-route", """{"target":"shard-1"}""")]
    [InlineData("n-plus-one", """{"size":2.5}""")]
    [InlineData("slow-shard", """{"size":60}""")]
    [InlineData("slow-shard", """{"target":"shard-9"}""")]
    [InlineData("redis-stopped", """{"size":1}""")]
    [InlineData("slow-shard", """{"size":"long"}""")]
    [InlineData("slow-shard", "size=1")]
    public async Task A_size_or_target_that_makes_no_sense_is_refused_and_not_recorded(string fault, string json)
    {
        Assert.Equal(HttpStatusCode.BadRequest, await RawAsync(fault, json));
        Assert.Empty((await shop.JsonAsync("GET", "faults")).AsArray());
    }

    [Fact]
    public async Task A_body_is_JSON_whatever_type_curl_says_it_is()
    {
        Assert.Equal(HttpStatusCode.OK, await RawAsync("error-route", """{"size":0.25}""", type: "application/x-www-form-urlencoded"));
        Assert.Equal(0.25, (double)(await shop.JsonAsync("GET", "faults"))[0]!["size"]!);
    }

    [Theory]
    [InlineData("Origin", "http://evil.example")]
    [InlineData("Origin", "null")]
    [InlineData("Host", "evil.example")]
    [InlineData("Host", "192.0.2.1")]
    public async Task A_web_page_cannot_switch_faults(string header, string value)
    {
        Assert.Equal(HttpStatusCode.Forbidden, await RawAsync("error-route", "", header, value));
        Assert.Empty((await shop.JsonAsync("GET", "faults")).AsArray());
    }

    private async Task<HttpStatusCode> RawAsync(string fault, string body, string? header = null, string? value = null, string type = "application/json")
    {
        using var client = new HttpClient { BaseAddress = shop.Address };
        using var request = new HttpRequestMessage(HttpMethod.Put, new Uri($"faults/{fault}", UriKind.Relative));
        request.Content = new StringContent(body, Encoding.UTF8, type);
        if (header is not null)
        {
            request.Headers.TryAddWithoutValidation(header, value);
        }

        using var answer = await client.SendAsync(request);
        return answer.StatusCode;
    }
}
