using System.Net;
using Kpi.Testing;

namespace Kpi.Tests.Dashboard;

public sealed class CrossSiteGuardTests
{
    private readonly FakeClock clock = new();

    [Theory]
    [InlineData("localhost:{0}", null)]
    [InlineData("127.0.0.1:{0}", null)]
    [InlineData("[::1]:{0}", null)]
    [InlineData("LOCALHOST:{0}", null)]
    [InlineData("localhost", null)] // forwarded from port 80
    [InlineData("192.168.7.9:{0}", null)] // an address cannot be made to point elsewhere
    [InlineData("localhost:{0}", "http://localhost:{0}")]
    [InlineData("127.0.0.1:{0}", "http://127.0.0.1:{0}")]
    [InlineData("[::1]:{0}", "http://[::1]:{0}")]
    [InlineData("localhost", "http://localhost")]
    public Task Our_own_page_may_ask(string host, string? origin) => AssertAsync(HttpStatusCode.OK, host, origin);

    [Theory]
    [InlineData("evil.example:{0}", null)] // a name that was made to point to 127.0.0.1
    [InlineData("evil.example:{0}", "http://evil.example:{0}")]
    [InlineData("localhost.evil.example", null)]
    [InlineData("127.0.0.1.evil.example", null)]
    [InlineData("localhost:{0}", "http://evil.example")]
    [InlineData("localhost:{0}", "http://localhost:1")]
    [InlineData("localhost:{0}", "http://127.0.0.1:{0}")]
    [InlineData("localhost:{0}", "http://localhost:{0}.evil.example")]
    [InlineData("localhost:{0}", "http://localhost:{0}@evil.example")]
    [InlineData("localhost:{0}", "null")] // a sandboxed frame or a local file
    public Task A_page_from_elsewhere_may_not(string host, string? origin) => AssertAsync(HttpStatusCode.Forbidden, host, origin);

    private async Task AssertAsync(HttpStatusCode expected, string host, string? origin)
    {
        await using var dashboard = await RunningDashboard.StartAsync(clock);
        var port = dashboard.Address.Port;
        foreach (var path in new[] { "/", "/api/scorecard", "/healthz", "/metrics", "/hubs/status/negotiate?negotiateVersion=1" })
        {
            using var ask = new HttpRequestMessage(
                path.StartsWith("/hubs", StringComparison.Ordinal) ? HttpMethod.Post : HttpMethod.Get, path);
            ask.Headers.Host = Filled(host, port);
            if (origin is not null)
            {
                ask.Headers.Add("Origin", Filled(origin, port));
            }

            using var answer = await dashboard.Client.SendAsync(ask);
            Assert.Equal((path, expected), (path, answer.StatusCode));
            if (expected == HttpStatusCode.Forbidden)
            {
                Assert.Empty(await answer.Content.ReadAsByteArrayAsync());
            }
        }
    }

    private static string Filled(string text, int port) => text.Replace("{0}", $"{port}", StringComparison.Ordinal);
}
