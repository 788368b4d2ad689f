using System.Globalization;
using Kpi.EndToEnd.Browser;
using Kpi.EndToEnd.Senders;
using Kpi.EndToEnd.Server;
using Microsoft.Playwright;

namespace Kpi.EndToEnd;

/// <summary>What a reader of the page sees, in a real browser.</summary>
public sealed class PageTests(ChromiumBrowser browser, ITestOutputHelper output) : IClassFixture<ChromiumBrowser>
{
    private const long MostIdleBytes = 150L << 20;

    [Fact]
    public async Task An_empty_page_gives_the_lines_to_paste_and_comes_alive_without_a_reload()
    {
        await using var server = await KpiServer.StartAsync();
        await using var page = await browser.OpenAsync(server.Page);
        await page.MarkDocumentAsync();
        await Assertions.Expect(page.Empty).ToContainTextAsync($"OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:{server.Ports.Grpc}");
        await Assertions.Expect(page.Empty).ToContainTextAsync($"OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:{server.Ports.OtlpHttp}");
        await Assertions.Expect(page.Empty).ToContainTextAsync("OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf");
        await Assertions.Expect(page.Verdict("p99_latency", "1k")).ToHaveAttributeAsync("data-verdict", "not_measured");
        await page.ScreenshotAsync("empty");
        Figures.Write(output, $"resident after the page was opened: {server.Process.ResidentBytes / 1048576.0:F1} MB (aim 150 MB)");
        Assert.InRange(server.Process.ResidentBytes, 0, MostIdleBytes);

        SendKnownTraffic(server, "shop");
        await page.ShowsRequestsAsync("shop", KnownTraffic.Requests);
        await Assertions.Expect(page.Empty).ToHaveCountAsync(0);
        await TileSaysWhatTheApiSaysAsync(server, page);
        await ServiceRowIsExactAsync(page);
        await page.IsSameDocumentAsync();
        await page.ScreenshotAsync("live");
        Assert.Empty(page.Complaints);
    }

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task It_loads_in_both_colour_schemes_without_a_word_in_the_console(ColorScheme scheme)
    {
        await using var server = await KpiServer.StartAsync();
        SendKnownTraffic(server, "shop");
        await using var page = await browser.OpenAsync(server.Page, scheme);
        await page.ShowsRequestsAsync("shop", KnownTraffic.Requests);
        Assert.Equal(scheme == ColorScheme.Dark, await BackgroundIsDarkAsync(page));
        await page.Page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = scheme == ColorScheme.Dark ? ColorScheme.Light : ColorScheme.Dark });
        Assert.Equal(scheme == ColorScheme.Light, await BackgroundIsDarkAsync(page));
        await page.Page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = scheme });
        await page.ScreenshotAsync(scheme.ToString().ToLowerInvariant());
        Assert.Empty(page.Complaints);
    }

    [Fact]
    public async Task A_killed_server_shows_a_countdown_and_its_successor_is_found_and_read_anew()
    {
        using var folder = new KpiFolder();
        var ports = KpiPorts.Free();
        await using var first = await KpiServer.StartAsync(folder, ports);
        SendOne(first, "before");
        await using var page = await browser.OpenAsync(first.Page);
        await page.MarkDocumentAsync();
        await page.ShowsRequestsAsync("before", 1);
        await first.KillAsync();

        await Assertions.Expect(page.LostBar).ToContainTextAsync("Connection lost");
        await Assertions.Expect(page.LostBar).ToContainTextAsync(new System.Text.RegularExpressions.Regex(@"Next try in \d+ s"));
        await page.ScreenshotAsync("lost");

        await using var second = await KpiServer.StartAsync(folder, ports);
        SendOne(second, "after");
        await page.IsLiveAsync();
        await Assertions.Expect(page.LostBar).ToHaveCountAsync(0);
        await page.ShowsRequestsAsync("after", 1);
        SendOne(second, "after");
        await page.ShowsRequestsAsync("after", 2);
        await page.IsSameDocumentAsync();
    }

    [Fact]
    public async Task A_broken_definition_is_shown_with_its_place_while_the_last_good_one_stays_in_force()
    {
        await using var server = await KpiServer.StartAsync();
        SendKnownTraffic(server, "shop");
        await using var page = await browser.OpenAsync(server.Page);
        var good = await File.ReadAllTextAsync(server.Folder.KpisFile);
        var place = good[..good.IndexOf("quantile: 0.99", StringComparison.Ordinal)].Count(c => c == '\n') + 1;

        await File.WriteAllTextAsync(server.Folder.KpisFile, good.Replace("quantile: 0.99\n", "quantile: 1.99\n", StringComparison.Ordinal));
        await Assertions.Expect(page.Problems).ToContainTextAsync($"kpis.yaml:{place}:");
        await Assertions.Expect(page.Problems).ToContainTextAsync("found '1.99'");
        await Assertions.Expect(page.Problems).ToContainTextAsync("last good version stays in force");
        await page.ScreenshotAsync("problems");
        Assert.Equal(KnownTraffic.Requests, (long?)(await server.Api.KpiAsync("p99_latency"))["n"]);

        await File.WriteAllTextAsync(server.Folder.KpisFile, good);
        await Assertions.Expect(page.Problems).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task A_target_that_is_edited_changes_the_verdict_on_the_open_page()
    {
        await using var server = await KpiServer.StartAsync();
        SendKnownTraffic(server, "shop");
        await using var page = await browser.OpenAsync(server.Page);
        await Assertions.Expect(page.Verdict("error_rate", "1k")).ToHaveAttributeAsync("data-verdict", "pass");
        var text = await File.ReadAllTextAsync(server.Folder.KpisFile);
        await File.WriteAllTextAsync(server.Folder.KpisFile, text.Replace("{1k: 1%, 100k: 0.1%", "{1k: 0.1%, 100k: 0.1%", StringComparison.Ordinal));
        await Assertions.Expect(page.Verdict("error_rate", "1k")).ToHaveAttributeAsync("data-verdict", "fail");
    }

    private static void SendKnownTraffic(KpiServer server, string service)
    {
        using var sender = DotNetSender.Batching(service, DotNetSender.Grpc(server.OtlpGrpc));
        foreach (var span in new KnownTraffic(DateTime.UtcNow).Spans())
        {
            sender.Send(span);
        }

        sender.Flush();
    }

    private static void SendOne(KpiServer server, string service)
    {
        using var sender = DotNetSender.OneByOne(service, DotNetSender.Http(server.OtlpHttp));
        sender.Send(SentRequest.Http(200, TimeSpan.FromMilliseconds(20), DateTime.UtcNow));
        sender.Flush();
    }

    private static async Task TileSaysWhatTheApiSaysAsync(KpiServer server, StatusPage page)
    {
        foreach (var id in new[] { "p99_latency", "error_rate", "db_query_time" })
        {
            var kpi = await server.Api.KpiAsync(id);
            await Assertions.Expect(page.TileValue(id)).ToHaveAttributeAsync("value", ((double)kpi["value"]!).ToString("R", CultureInfo.InvariantCulture));
            await Assertions.Expect(page.Tile(id).GetByTestId("n")).ToHaveAttributeAsync("data-n", (string)kpi["n"]!.ToString());
            foreach (var tier in new[] { "1k", "100k", "1m" })
            {
                await Assertions.Expect(page.Verdict(id, tier)).ToHaveAttributeAsync("data-verdict", (string)kpi["verdicts"]![tier]!);
            }
        }

        await Assertions.Expect(page.TileValue("error_rate")).ToHaveTextAsync("0.372 %");
        await Assertions.Expect(page.Verdict("error_rate", "1m")).ToHaveAttributeAsync("data-verdict", "insufficient_data");
        await Assertions.Expect(page.Verdict("uptime", "1k")).ToHaveAttributeAsync("data-verdict", "not_measured");
        await Assertions.Expect(page.TileValue("uptime")).ToHaveTextAsync("–");
    }

    private static async Task ServiceRowIsExactAsync(StatusPage page)
    {
        var row = page.ServiceRow("shop");
        await Assertions.Expect(row.GetByTestId("requests")).ToHaveTextAsync("10,000");
        await Assertions.Expect(row.GetByTestId("errors")).ToHaveTextAsync("37");
        await Assertions.Expect(row).ToContainTextAsync("0.372 %");
    }

    private static async Task<bool> BackgroundIsDarkAsync(StatusPage page)
    {
        var colour = await page.Page.EvaluateAsync<string>("() => getComputedStyle(document.body).backgroundColor || getComputedStyle(document.documentElement).backgroundColor");
        var parts = System.Text.RegularExpressions.Regex.Matches(colour, @"\d+(\.\d+)?").Take(3).Select(m => double.Parse(m.Value, CultureInfo.InvariantCulture));
        return parts.Average() < 128;
    }
}
