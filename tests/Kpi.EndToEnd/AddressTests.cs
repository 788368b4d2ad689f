using System.Net;
using System.Text.Json.Nodes;
using Kpi.EndToEnd.Senders;
using Kpi.EndToEnd.Server;

namespace Kpi.EndToEnd;

/// <summary>The addresses of the page's port and how they answer what is wrong.</summary>
public sealed class AddressTests(AddressTests.RunningServer running) : IClassFixture<AddressTests.RunningServer>
{
    private KpiServer Server => running.Server;

    [Theory]
    [InlineData("healthz", "alive\n")]
    [InlineData("readyz", "ready\n")]
    public async Task Health_is_said_in_a_word(string address, string word) => Assert.Equal(word, await Server.Api.TextAsync(address));

    [Fact]
    public async Task The_api_describes_itself_and_all_three_addresses()
    {
        var description = await Server.Api.JsonAsync("openapi/v1.json");
        Assert.StartsWith("3.", (string?)description["openapi"], StringComparison.Ordinal);
        var paths = description["paths"]!.AsObject();
        Assert.Equal(["/api/ingest", "/api/scorecard", "/api/series", "/api/services"], paths.Select(p => p.Key).Order());
        Assert.All(paths.Where(p => p.Key != "/api/ingest"), path => Assert.NotNull(path.Value!["get"]!["responses"]!["400"]));
    }

    [Fact]
    public async Task Its_own_metrics_are_prometheus_text()
    {
        using (var sender = DotNetSender.OneByOne("metrics", DotNetSender.Http(Server.OtlpHttp)))
        {
            sender.Send(SentRequest.Http(200, TimeSpan.FromMilliseconds(20), DateTime.UtcNow));
            sender.Flush();
        }

        var scrape = await Server.Api.MetricsAsync();
        Assert.Equal("counter", scrape.Types["kpi_spans_accepted_total"]);
        Assert.True(scrape["kpi_spans_accepted_total"] >= 1);
        Assert.Contains(scrape.Types, t => t.Key.StartsWith("dotnet_gc_", StringComparison.Ordinal));
        using var answer = await Server.Api.GetAsync("metrics");
        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", answer.Content.Headers.ContentType?.ToString());
    }

    [Theory]
    [InlineData("api/scorecard?window=5y", "5y")]
    [InlineData("api/scorecard?window=", "window")]
    [InlineData("api/scorecard?window=31d", "31d")]
    [InlineData("api/scorecard?window=month&tz=Nope/Nope", "Nope/Nope")]
    [InlineData("api/services?window=9s", "9s")]
    [InlineData("api/series?match=%7Ba%3D%22b%22%7D&window=-5m", "-5m")]
    [InlineData("api/series", "match")]
    [InlineData("api/series?match=", "match")]
    [InlineData("api/series?match=up%7B", "match")]
    [InlineData("api/series?match=rate(up%5B5m%5D)", "match")]
    [InlineData("api/series?match=%7Ba%3D~%22(%22%7D", "match")]
    public async Task A_bad_parameter_is_answered_with_what_is_wrong(string address, string named)
    {
        using var answer = await Server.Api.GetAsync(address);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        var problem = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
        Assert.Equal(400, (int?)problem["status"]);
        Assert.Contains(named, (string?)problem["detail"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("api/nothing")]
    [InlineData("nothing.html")]
    [InlineData("..%2f..%2fetc/passwd")]
    public async Task What_is_not_there_is_404(string address)
    {
        using var answer = await Server.Api.GetAsync(address);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Theory]
    [InlineData("Host", "evil.example")]
    [InlineData("Origin", "https://evil.example")]
    public async Task Pages_from_elsewhere_do_not_reach_it_through_a_browser(string header, string value)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Server.Page, "api/services"));
        request.Headers.Add(header, value);
        using var answer = await client.SendAsync(request);
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    public sealed class RunningServer : IAsyncLifetime
    {
        internal KpiServer Server { get; private set; } = null!;

        public async Task InitializeAsync() => Server = await KpiServer.StartAsync();

        public async Task DisposeAsync() => await Server.DisposeAsync();
    }
}
