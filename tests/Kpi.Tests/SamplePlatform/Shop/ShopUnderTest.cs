using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Kpi.SamplePlatform.Caching;
using Kpi.SamplePlatform.Shop.Hosting;
using Kpi.SamplePlatform.Telemetry;
using Microsoft.Extensions.DependencyInjection;

namespace Kpi.Tests.SamplePlatform.Shop;

/// <summary>A shop in this process, and a client that speaks to it as an account of a tenant.</summary>
internal sealed class ShopUnderTest : IAsyncDisposable
{
    private readonly ShopServer server;
    private readonly HttpClient client;

    private ShopUnderTest(ShopServer server)
    {
        this.server = server;
        client = new HttpClient { BaseAddress = server.Address };
    }

    public IServiceProvider Services => server.Services;

    public Uri Address => server.Address;

    public static async Task<ShopUnderTest> StartAsync(ShopPlatform platform, CacheOptions? cache = null, TelemetryOptions? telemetry = null) =>
        new(await ShopServer.StartAsync(
            new ShopSettings(new IPEndPoint(IPAddress.Loopback, 0), platform.Folder, ShopPlatform.TokenKey)
            {
                Cache = cache ?? new CacheOptions(),
                Telemetry = telemetry ?? new TelemetryOptions { Enabled = false },
            },
            CancellationToken.None));

    public T Get<T>()
        where T : notnull => Services.GetRequiredService<T>();

    /// <summary>As an account of a tenant, or with a token of one's own choice ("" for none).</summary>
    public async Task<HttpResponseMessage> SendAsync(
        string method, string path, long tenant = 1, long account = 1, object? body = null, string? key = null, string? token = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(path, UriKind.Relative));
        request.Content = body is null ? null : JsonContent.Create(body);
        token ??= ShopPlatform.Tokens.Issue(tenant, account);
        request.Headers.Authorization = token.Length == 0 ? null : new AuthenticationHeaderValue("Bearer", token);
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        return await client.SendAsync(request);
    }

    /// <summary>The body of an answer that must be a success.</summary>
    public async Task<JsonNode> JsonAsync(
        string method, string path, long tenant = 1, long account = 1, object? body = null, string? key = null, string? token = null)
    {
        using var answer = await SendAsync(method, path, tenant, account, body, key, token);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{method} {path}: {(int)answer.StatusCode} {text}");
        return text.Length == 0 ? new JsonObject() : JsonNode.Parse(text)!;
    }

    public async Task<HttpStatusCode> StatusAsync(
        string method, string path, long tenant = 1, long account = 1, object? body = null, string? key = null, string? token = null)
    {
        using var answer = await SendAsync(method, path, tenant, account, body, key, token);
        if ((int)answer.StatusCode >= 400)
        {
            Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        }

        return answer.StatusCode;
    }

    /// <summary>Fills a cart and orders it; the order.</summary>
    public async Task<JsonNode> OrderAsync(string key, long tenant = 1, long account = 1, params (long Product, int Quantity)[] items)
    {
        foreach (var (product, quantity) in items)
        {
            await JsonAsync("PUT", $"cart/items/{product}", tenant, account, new { quantity });
        }

        return await JsonAsync("POST", "orders", tenant, account, key: key);
    }

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        await server.DisposeAsync();
    }
}
