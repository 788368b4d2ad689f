using System.Text.Json;
using Kpi.Dashboard.Live;

namespace Kpi.Tests.Dashboard.Live;

public sealed class StatusHubTests
{
    [Fact]
    public async Task A_subscription_begins_with_the_whole_and_goes_on_with_what_changes()
    {
        await using var dashboard = await RunningDashboard.StartAsync(TimeProvider.System);
        await dashboard.Platform.PostAsync(dashboard.Platform.Http("shop"), [0.1]);
        await using var page = await HubClient.ConnectAsync(dashboard);
        var snapshot = await page.SubscribeAsync("5m");
        Assert.Equal(
            [
                "version", "at", "window", "from", "to", "watermark", "stepSeconds",
                "tier", "kpis", "services", "ingest", "problems", "build", "lineFrom",
            ],
            snapshot.EnumerateObject().Select(p => p.Name));
        Assert.Equal("shop", Assert.Single(snapshot.GetProperty("services").EnumerateArray()).GetProperty("service").GetString());

        var version = snapshot.GetProperty("version").GetInt64();
        for (var i = 0; i < 5; i++)
        {
            await dashboard.Platform.PostAsync(dashboard.Platform.Http("stock"), [0.1]);
            JsonElement delta;
            do
            {
                delta = await page.DeltaAsync();
                Assert.Equal(
                    [
                        "window", "version", "base", "at", "from", "to", "watermark", "lineFrom", "tier", "kpis", "services", "gone",
                        "ingest", "problems",
                    ],
                    delta.EnumerateObject().Select(p => p.Name));
                Assert.Equal(version, delta.GetProperty("base").GetInt64());
                version = delta.GetProperty("version").GetInt64();
            }
            while (!delta.GetProperty("services").EnumerateArray().Any(s =>
                s.GetProperty("service").GetString() == "stock" && s.GetProperty("requests").GetInt64() == i + 1));
        }
    }

    [Fact]
    public async Task What_did_not_change_is_not_sent()
    {
        await using var dashboard = await RunningDashboard.StartAsync(TimeProvider.System);
        await dashboard.Platform.PostAsync(dashboard.Platform.Http("shop"), [0.1]);
        await using var page = await HubClient.ConnectAsync(dashboard);
        await page.SubscribeAsync("24h");
        await dashboard.Platform.PostAsync(dashboard.Platform.Http("stock"), [0.1]);
        await page.DeltaAsync();
        while (true)
        {
            // Unless a slice ended in between, which moves every line.
            await dashboard.Platform.PostAsync(dashboard.Platform.Http("stock"), [0.1]);
            var delta = await page.DeltaAsync();
            if (delta.GetProperty("services").GetArrayLength() == 1)
            {
                Assert.Equal("stock", delta.GetProperty("services")[0].GetProperty("service").GetString());
                Assert.DoesNotContain(delta.GetProperty("kpis").EnumerateArray(), k => k.GetProperty("id").GetString() == "uptime");
                Assert.Equal(JsonValueKind.Null, delta.GetProperty("problems").ValueKind);
                return;
            }
        }
    }

    [Fact]
    public async Task Another_window_replaces_the_first()
    {
        await using var dashboard = await RunningDashboard.StartAsync(TimeProvider.System);
        await using var page = await HubClient.ConnectAsync(dashboard);
        Assert.Equal("5m", (await page.SubscribeAsync("5m")).GetProperty("window").GetString());
        var hour = await page.SubscribeAsync("1h");
        Assert.Equal("1h", hour.GetProperty("window").GetString());
        var version = hour.GetProperty("version").GetInt64();
        for (var i = 0; i < 3; i++)
        {
            await dashboard.Platform.PostAsync(dashboard.Platform.Http("shop"), [0.1]);
            JsonElement delta;
            do
            {
                delta = await page.DeltaAsync();
            }
            while (i == 0 && delta.GetProperty("window").GetString() == "5m"); // one that was on its way already
            Assert.Equal("1h", delta.GetProperty("window").GetString());
            Assert.Equal(version, delta.GetProperty("base").GetInt64());
            version = delta.GetProperty("version").GetInt64();
        }
    }

    [Theory]
    [InlineData("2h")] // answered by the API, but not live
    [InlineData("1d")]
    [InlineData("")]
    public async Task A_window_that_is_not_live_is_an_error_and_the_line_stays(string window)
    {
        await using var dashboard = await RunningDashboard.StartAsync(TimeProvider.System);
        await using var page = await HubClient.ConnectAsync(dashboard);
        var answer = await page.InvokeSubscribeAsync(window);
        Assert.Contains($"window '{window}' is none of 5m, 1h, 24h, 7d, 30d, month", answer.GetProperty("error").GetString(), StringComparison.Ordinal);
        Assert.Equal("5m", (await page.SubscribeAsync("5m")).GetProperty("window").GetString());
    }

    [Fact]
    public async Task While_starting_a_subscription_is_refused_with_a_reason()
    {
        await using var dashboard = await RunningDashboard.StartEmptyAsync(TimeProvider.System);
        await using var page = await HubClient.ConnectAsync(dashboard);
        var answer = await page.InvokeSubscribeAsync("5m");
        Assert.EndsWith("still starting", answer.GetProperty("error").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_page_that_does_not_read_holds_up_nobody_and_skips_versions()
    {
        await using var dashboard = await RunningDashboard.StartAsync(TimeProvider.System);
        var platform = dashboard.Platform;
        var longName = new string('x', 500);
        var services = Enumerable.Range(0, 1_000).Select(i => platform.Http($"{longName}{i}")).ToList();
        await using var slow = await HubClient.ConnectAsync(dashboard);
        await using var fast = await HubClient.ConnectAsync(dashboard);
        await slow.SendSubscribeAsync("5m", "1");
        var version = (await fast.SubscribeAsync("5m")).GetProperty("version").GetInt64();
        for (var i = 0; i < 12; i++)
        {
            foreach (var service in services)
            {
                await platform.PostAsync(service, [0.1]);
            }

            var delta = await fast.DeltaAsync();
            Assert.Equal(version, delta.GetProperty("base").GetInt64());
            version = delta.GetProperty("version").GetInt64();
        }

        // What it reads at last is a chain from its snapshot on, however many versions it skipped. On a busy machine the first delta
        // may be written before the answer that holds the snapshot.
        var early = new Queue<JsonElement>();
        var answer = await slow.ReadAsync();
        while (answer.GetProperty("type").GetInt32() != 3)
        {
            if (answer.GetProperty("type").GetInt32() == 1)
            {
                early.Enqueue(answer.GetProperty("arguments")[0]);
            }

            answer = await slow.ReadAsync();
        }

        var seen = answer.GetProperty("result").GetProperty("version").GetInt64();
        while (seen < version)
        {
            var delta = early.TryDequeue(out var first) ? first : await slow.DeltaAsync();
            Assert.Equal(seen, delta.GetProperty("base").GetInt64());
            seen = delta.GetProperty("version").GetInt64();
        }
    }

    [Fact]
    public async Task More_pages_than_the_limit_are_turned_away_until_one_leaves()
    {
        await using var dashboard = await RunningDashboard.StartEmptyAsync(TimeProvider.System);
        var pages = new List<HubClient>();
        try
        {
            for (var i = 0; i < ClientFeeds.MostClients; i++)
            {
                pages.Add(await HubClient.ConnectAsync(dashboard));
            }

            await AssertTurnedAwayAsync(dashboard);
            await pages[0].DisposeAsync();
            for (var attempt = 0; ; attempt++)
            {
                // The server notices a moment later that the page has left.
                await Task.Delay(TimeSpan.FromMilliseconds(20));
                await using var page = await HubClient.ConnectAsync(dashboard);
                try
                {
                    Assert.True((await page.InvokeSubscribeAsync("5m")).TryGetProperty("error", out _));
                    return;
                }
                catch (Exception closed) when (closed is EndOfStreamException or System.Net.WebSockets.WebSocketException && attempt < 100)
                {
                    // Turned away once more.
                }
            }
        }
        finally
        {
            foreach (var page in pages)
            {
                await page.DisposeAsync();
            }
        }
    }

    private static async Task AssertTurnedAwayAsync(RunningDashboard dashboard)
    {
        await using var page = await HubClient.ConnectAsync(dashboard);
        var goodbye = await page.ReadAsync();
        Assert.Equal(7, goodbye.GetProperty("type").GetInt32()); // Close
        Assert.Contains("500 pages open", goodbye.GetProperty("error").GetString(), StringComparison.Ordinal);
    }
}
