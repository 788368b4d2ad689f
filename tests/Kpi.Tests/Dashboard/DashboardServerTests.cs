using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Kpi.Testing;
using Kpi.Tests.SloEngine;

namespace Kpi.Tests.Dashboard;

public sealed class DashboardServerTests
{
    private static readonly Regex File = new("(?:src|href)=\"([^\"]+)\"");

    private readonly FakeClock clock = new();

    [Fact]
    public async Task It_is_alive_at_once_and_ready_when_told()
    {
        await using var dashboard = await RunningDashboard.StartEmptyAsync(clock);
        Assert.Equal((HttpStatusCode.OK, "alive\n"), await AnswerAsync(dashboard, "/healthz"));
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "not ready\n"), await AnswerAsync(dashboard, "/readyz"));
        dashboard.Slot.Engine = dashboard.Platform.Engine;
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await AnswerAsync(dashboard, "/readyz")).Status);
        dashboard.Slot.IsReady = true;
        Assert.Equal((HttpStatusCode.OK, "ready\n"), await AnswerAsync(dashboard, "/readyz"));
        dashboard.Slot.IsReady = false;
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await AnswerAsync(dashboard, "/readyz")).Status);
    }

    [Fact]
    public async Task The_page_and_its_files_are_served_with_a_policy_and_the_hashed_ones_for_ever()
    {
        await using var dashboard = await RunningDashboard.StartEmptyAsync(clock);
        using var page = await dashboard.GetAsync("/");
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        Assert.Equal("text/html; charset=utf-8", page.Content.Headers.ContentType?.ToString());
        Assert.Equal("no-cache", page.Headers.CacheControl?.ToString());
        var policy = Assert.Single(page.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("default-src 'none'; script-src 'self'", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", Assert.Single(page.Headers.GetValues("X-Content-Type-Options")));

        var html = await page.Content.ReadAsStringAsync();
        Assert.Equal(html, (await AnswerAsync(dashboard, "/index.html")).Text);
        Assert.Equal(html, (await AnswerAsync(dashboard, "/ingest")).Text);
        List<string> files = [.. File.Matches(html).Select(m => m.Groups[1].Value.TrimStart('.'))];
        Assert.Contains(files, f => f.EndsWith(".js", StringComparison.Ordinal));
        Assert.Contains(files, f => f.EndsWith(".css", StringComparison.Ordinal));
        foreach (var file in files)
        {
            using var answer = await dashboard.GetAsync(file);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Contains("immutable", answer.Headers.CacheControl?.ToString(), StringComparison.Ordinal);
            Assert.Equal(TimeSpan.FromDays(365), answer.Headers.CacheControl?.MaxAge);
            Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
            Assert.Equal(
                Path.GetExtension(file) switch { ".js" => "text/javascript", ".css" => "text/css", _ => "image/svg+xml" },
                answer.Content.Headers.ContentType?.MediaType);
        }
    }

    [Theory]
    [InlineData("/nowhere")]
    [InlineData("/assets/nothing.js")]
    [InlineData("/../appsettings.json")]
    [InlineData("/api/nothing")]
    [InlineData("/INDEX.HTML")]
    public async Task What_is_not_there_is_404(string path)
    {
        await using var dashboard = await RunningDashboard.StartEmptyAsync(clock);
        Assert.Equal(HttpStatusCode.NotFound, (await AnswerAsync(dashboard, path)).Status);
    }

    [Fact]
    public async Task The_head_of_the_page_has_its_length_and_no_body()
    {
        await using var dashboard = await RunningDashboard.StartEmptyAsync(clock);
        using var ask = new HttpRequestMessage(HttpMethod.Head, "/");
        using var answer = await dashboard.Client.SendAsync(ask);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.True(answer.Content.Headers.ContentLength > 100);
        Assert.Empty(await answer.Content.ReadAsByteArrayAsync());
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/api/scorecard")]
    [InlineData("/healthz")]
    public async Task Nothing_can_be_posted(string path)
    {
        await using var dashboard = await RunningDashboard.StartAsync(clock);
        using var content = new StringContent("x");
        using var answer = await dashboard.Client.PostAsync(new Uri(path, UriKind.Relative), content);
        Assert.True(answer.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed, $"{answer.StatusCode}");
    }

    [Fact]
    public async Task The_api_describes_itself()
    {
        await using var dashboard = await RunningDashboard.StartEmptyAsync(clock);
        var paths = (await dashboard.JsonAsync("/openapi/v1.json")).GetProperty("paths").EnumerateObject().Select(p => p.Name);
        Assert.Equal(["/api/scorecard", "/api/services", "/api/series", "/api/ingest"], paths);
    }

    [Fact]
    public async Task A_taken_port_is_told()
    {
        await using var dashboard = await RunningDashboard.StartEmptyAsync(clock);
        await Assert.ThrowsAnyAsync<IOException>(() => Kpi.Dashboard.DashboardServer.StartAsync(
            dashboard.Address,
            new Kpi.Dashboard.EngineSlot(),
            clock,
            Microsoft.Extensions.Logging.Abstractions.NullLoggerFactory.Instance,
            CancellationToken.None));
    }

    [Fact]
    public async Task What_fails_within_is_a_500_without_the_reason()
    {
        WatchedStore? store = null;
        await using var dashboard = await RunningDashboard.StartAsync(clock, inner => store = new WatchedStore(inner));
        store!.BeforeOpen = _ => throw new IOException("the disk is away");
        using var answer = await dashboard.GetAsync("/api/scorecard");
        var text = await answer.Content.ReadAsStringAsync();
        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        Assert.DoesNotContain("disk", text, StringComparison.Ordinal);
        using var problem = JsonDocument.Parse(text);
        Assert.Equal(500, problem.RootElement.GetProperty("status").GetInt32());
    }

    private static async Task<(HttpStatusCode Status, string Text)> AnswerAsync(RunningDashboard dashboard, string path)
    {
        using var answer = await dashboard.GetAsync(path);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }
}
