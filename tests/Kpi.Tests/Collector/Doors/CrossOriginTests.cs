using Google.Protobuf;
using static Kpi.Tests.Collector.OtlpClient;

namespace Kpi.Tests.Collector.Doors;

/// <summary>Point 25 of the ingest reference: senders in browsers.</summary>
public sealed class CrossOriginTests : IAsyncLifetime
{
    private const string App = "https://app.example.com";

    private readonly string tokens = Path.Combine(Path.GetTempPath(), $"kpi-tokens-{Guid.NewGuid():n}");
    private ServerBed bed = null!;

    public async Task InitializeAsync()
    {
        await File.WriteAllTextAsync(tokens, "correct-horse-battery");
        bed = await ServerBed.StartAsync(o =>
        {
            o.TokenFile = tokens;
            o.CorsOrigins.Add("https://*.example.com");
            o.CorsOrigins.Add("http://localhost:3000");
            o.CorsHeaders.Add("x-team");
        });
    }

    public async Task DisposeAsync()
    {
        await bed.DisposeAsync();
        File.Delete(tokens);
    }

    [Theory]
    [InlineData("/v1/traces")]
    [InlineData("/nowhere")]
    public async Task A_preflight_is_answered_with_204_without_a_token(string path)
    {
        using var answer = await SendAsync(bed, App, HttpMethod.Options, "POST", path);
        Assert.Equal(204, (int)answer.StatusCode);
        Assert.Equal(
            (App, "true", "POST", "7200", "Origin"),
            (Said(answer, "Access-Control-Allow-Origin"), Said(answer, "Access-Control-Allow-Credentials"),
                Said(answer, "Access-Control-Allow-Methods"), Said(answer, "Access-Control-Max-Age"), Said(answer, "Vary")));
        Assert.Equal(
            "content-type, content-encoding, authorization, x-api-key, x-team", Said(answer, "Access-Control-Allow-Headers"));
        Assert.Empty(await answer.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task An_answer_and_an_error_bear_the_headers_or_the_browser_hides_them()
    {
        using var unknown = await SendAsync(bed, App, HttpMethod.Post);
        Assert.Equal((401, App, "Origin"), ((int)unknown.StatusCode, Said(unknown, "Access-Control-Allow-Origin"), Said(unknown, "Vary")));
        Assert.Contains("Retry-After", Said(unknown, "Access-Control-Expose-Headers"), StringComparison.Ordinal);

        bed.Http.DefaultRequestHeaders.Add("x-api-key", "correct-horse-battery");
        using var good = await SendAsync(bed, "http://localhost:3000", HttpMethod.Post);
        Assert.Equal((200, "http://localhost:3000"), ((int)good.StatusCode, Said(good, "Access-Control-Allow-Origin")));
        using var lost = await SendAsync(bed, App, HttpMethod.Post, path: "/nowhere");
        Assert.Equal((404, App), ((int)lost.StatusCode, Said(lost, "Access-Control-Allow-Origin")));
        using var method = await SendAsync(bed, App, HttpMethod.Options);
        Assert.Equal((405, App), ((int)method.StatusCode, Said(method, "Access-Control-Allow-Origin")));
    }

    [Theory]
    [InlineData("https://evil.example")]
    [InlineData("null")]
    public async Task Another_origin_is_told_nothing(string origin)
    {
        using var preflight = await SendAsync(bed, origin, HttpMethod.Options, "POST");
        using var post = await SendAsync(bed, origin, HttpMethod.Post);
        Assert.Equal((204, 401), ((int)preflight.StatusCode, (int)post.StatusCode));
        Assert.All([preflight, post], answer =>
        {
            Assert.DoesNotContain(answer.Headers, h => h.Key.StartsWith("Access-Control", StringComparison.OrdinalIgnoreCase));
            Assert.Equal("Origin", Said(answer, "Vary"));
        });
    }

    [Fact]
    public async Task Without_the_option_there_is_none_of_it()
    {
        await using var plain = await ServerBed.StartAsync();
        using var preflight = await SendAsync(plain, App, HttpMethod.Options, "POST");
        using var post = await SendAsync(plain, App, HttpMethod.Post);
        Assert.Equal((405, 200), ((int)preflight.StatusCode, (int)post.StatusCode));
        Assert.All([preflight, post], answer => Assert.DoesNotContain(
            answer.Headers, h => h.Key == "Vary" || h.Key.StartsWith("Access-Control", StringComparison.OrdinalIgnoreCase)));
    }

    private static string? Said(HttpResponseMessage answer, string name) =>
        answer.Headers.TryGetValues(name, out var values) ? string.Join(", ", values) : null;

    private static async Task<HttpResponseMessage> SendAsync(
        ServerBed bed, string origin, HttpMethod method, string? asks = null, string path = "/v1/traces")
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.TryAddWithoutValidation("Origin", origin);
        if (asks is not null)
        {
            request.Headers.Add("Access-Control-Request-Method", asks);
            request.Headers.Add("Access-Control-Request-Headers", "content-type,x-api-key");
        }

        if (method == HttpMethod.Post)
        {
            request.Content = new ByteArrayContent(Good().ToByteArray());
            request.Content.Headers.ContentType = new("application/x-protobuf");
        }

        return await bed.Http.SendAsync(request);
    }
}
