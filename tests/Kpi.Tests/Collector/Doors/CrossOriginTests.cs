using System.Net.Sockets;
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

    [Fact]
    public async Task A_star_is_answered_with_a_star_and_without_credentials_and_a_named_origin_by_its_name()
    {
        await using var open = await ServerBed.StartAsync(o =>
        {
            o.CorsOrigins.Add("*");
            o.CorsOrigins.Add(App);
        });
        using var preflight = await SendAsync(open, "https://evil.example", HttpMethod.Options, "POST");
        using var post = await SendAsync(open, "https://evil.example", HttpMethod.Post);
        Assert.Equal((204, 200), ((int)preflight.StatusCode, (int)post.StatusCode));
        Assert.All([preflight, post], answer => Assert.Equal(
            ("*", null), (Said(answer, "Access-Control-Allow-Origin"), Said(answer, "Access-Control-Allow-Credentials"))));
        using var named = await SendAsync(open, App, HttpMethod.Post);
        Assert.Equal((App, "true"), (Said(named, "Access-Control-Allow-Origin"), Said(named, "Access-Control-Allow-Credentials")));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public async Task Whoever_is_no_page_is_told_nothing(string? origin)
    {
        await using var open = await ServerBed.StartAsync(o => o.CorsOrigins.Add("*"));
        using var preflight = await SendAsync(open, origin, HttpMethod.Options, "POST");
        using var post = await SendAsync(open, origin, HttpMethod.Post);
        Assert.Equal((405, 200), ((int)preflight.StatusCode, (int)post.StatusCode));
        Assert.All([preflight, post], answer => Assert.DoesNotContain(
            answer.Headers, h => h.Key.StartsWith("Access-Control", StringComparison.OrdinalIgnoreCase)));
    }

    [Theory]
    [InlineData("*", "*")]
    [InlineData("https://b\u00fccher.example", null)]
    public async Task An_origin_that_is_not_ascii_is_no_harm(string configured, string? allowed)
    {
        await using var open = await ServerBed.StartAsync(o => o.CorsOrigins.Add(configured));
        using var socket = new TcpClient();
        await socket.ConnectAsync(open.Options.Http);
        await socket.GetStream().WriteAsync("OPTIONS /v1/traces HTTP/1.1\r\nHost: a\r\nOrigin: https://b\u00fccher.example\r\nAccess-Control-Request-Method: POST\r\nConnection: close\r\n\r\n"u8.ToArray());
        using var reader = new StreamReader(socket.GetStream());
        var answer = await reader.ReadToEndAsync();
        Assert.StartsWith("HTTP/1.1 204 ", answer, StringComparison.Ordinal);
        Assert.Equal(allowed is not null, answer.Contains($"Access-Control-Allow-Origin: {allowed}\r\n", StringComparison.Ordinal));
        Assert.Empty(open.Complaints);
    }

    private static string? Said(HttpResponseMessage answer, string name) =>
        answer.Headers.TryGetValues(name, out var values) ? string.Join(", ", values) : null;

    private static async Task<HttpResponseMessage> SendAsync(
        ServerBed bed, string? origin, HttpMethod method, string? asks = null, string path = "/v1/traces")
    {
        using var request = new HttpRequestMessage(method, path);
        if (origin is not null)
        {
            request.Headers.TryAddWithoutValidation("Origin", origin);
        }

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
