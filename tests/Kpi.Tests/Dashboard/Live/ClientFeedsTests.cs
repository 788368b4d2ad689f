using Kpi.Dashboard;
using Kpi.Dashboard.Live;
using Kpi.SloEngine.Status;
using Kpi.Testing;
using Kpi.Tests.SloEngine;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kpi.Tests.Dashboard.Live;

public sealed class ClientFeedsTests
{
    private readonly FakeClock clock = new();

    [Fact]
    public async Task A_page_that_has_left_gets_no_feed_and_keeps_no_place()
    {
        await using var platform = await Platform.StartAsync(clock);
        using var metrics = new DashboardMetrics(clock);
        var feeds = new ClientFeeds(new EngineSlot { Engine = platform.Engine }, metrics, hub: null!, NullLogger<ClientFeeds>.Instance);
        Assert.True(feeds.TryEnter("page"));
        feeds.Leave("page");
        await Assert.ThrowsAsync<HubException>(() => feeds.StartAsync("page", StatusWindow.Live[0], abort: () => { }));
        Assert.False(platform.Engine.Board.IsWatched(StatusWindow.Live[0]));
        Assert.All(Enumerable.Range(0, ClientFeeds.MostClients), i => Assert.True(feeds.TryEnter($"page{i}")));
        Assert.False(feeds.TryEnter("one more"));
        feeds.Leave("page7");
        Assert.True(feeds.TryEnter("one more"));
    }

    [Fact]
    public async Task A_page_whose_first_evaluation_fails_watches_nothing()
    {
        WatchedStore? store = null;
        await using var platform = await Platform.StartAsync(clock, around: inner => store = new WatchedStore(inner));
        using var metrics = new DashboardMetrics(clock);
        var feeds = new ClientFeeds(new EngineSlot { Engine = platform.Engine }, metrics, hub: null!, NullLogger<ClientFeeds>.Instance);
        Assert.True(feeds.TryEnter("page"));
        store!.BeforeOpen = _ => throw new IOException("the disk is away");
        await Assert.ThrowsAsync<IOException>(() => feeds.StartAsync("page", StatusWindow.Live[0], abort: () => { }));
        Assert.False(platform.Engine.Board.IsWatched(StatusWindow.Live[0]));
    }
}
