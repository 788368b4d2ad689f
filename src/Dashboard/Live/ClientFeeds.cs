using System.Collections.Concurrent;
using Kpi.SloEngine;
using Kpi.SloEngine.Status;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Logging;

namespace Kpi.Dashboard.Live;

/// <summary>
/// One feed per page: it waits for the board, sends the difference to what that page was sent last, and waits until it is sent.
/// A slow page therefore skips versions and holds up nobody. At most <see cref="MostClients"/> pages.
/// </summary>
internal sealed class ClientFeeds(EngineSlot slot, DashboardMetrics metrics, IHubContext<StatusHub, IStatusClient> hub, ILogger<ClientFeeds> log)
{
    /// <summary>Pages served at once.</summary>
    public const int MostClients = 500;

    private readonly ConcurrentDictionary<string, CancellationTokenSource?> feeds = new(StringComparer.Ordinal);

    /// <summary>Admits a page, if there is room.</summary>
    public bool TryEnter(string connection)
    {
        feeds[connection] = null;
        if (feeds.Count <= MostClients)
        {
            return true;
        }

        feeds.TryRemove(connection, out _);
        return false;
    }

    /// <summary>Ends a page's feed.</summary>
    public void Leave(string connection)
    {
        if (feeds.TryRemove(connection, out var feed))
        {
            feed?.Cancel();
        }
    }

    /// <summary>Starts a page's feed, ending its earlier one; the status given is where the feed goes on from.</summary>
    /// <param name="abort">Cuts the line: better than one that stays open and says nothing.</param>
    public async Task<WindowStatus> StartAsync(string connection, StatusWindow window, Action abort)
    {
        var engine = slot.Engine ?? throw new HubException("still starting");
        var stop = new CancellationTokenSource();
        if (!TryReplace(connection, stop))
        {
            throw new HubException("the page has left");
        }

        var watching = engine.Board.Watch(window);
        try
        {
            // Evaluated now, so that a page that opens never sees a status from before anybody watched.
            var first = await engine.PublishAsync(window, stop.Token).ConfigureAwait(false);
            _ = FeedAsync(engine, window, first, connection, abort, watching, stop.Token);
            return first;
        }
        catch
        {
            watching.Dispose();
            throw;
        }
    }

    // Only of a page that is still here: an entry made after it left would never be removed.
    private bool TryReplace(string connection, CancellationTokenSource stop)
    {
        while (feeds.TryGetValue(connection, out var earlier))
        {
            if (feeds.TryUpdate(connection, stop, earlier))
            {
                earlier?.Cancel();
                return true;
            }
        }

        return false;
    }

    private async Task FeedAsync(
        StatusEngine engine,
        StatusWindow window,
        WindowStatus sent,
        string connection,
        Action abort,
        IDisposable watching,
        CancellationToken stopping)
    {
        using var interest = watching;
        try
        {
            var page = hub.Clients.Client(connection);
            while (true)
            {
                var next = await engine.Board.NextAsync(window, sent.Version, stopping).ConfigureAwait(false);
                await page.Delta(StatusDelta.Between(sent, next)).WaitAsync(stopping).ConfigureAwait(false);
                metrics.Sent(next.OldestReceipt);
                sent = next;
            }
        }
        catch (OperationCanceledException)
        {
            // The page left, or asked for another window.
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            Log.FeedFailed(log, window.Name, failure);
            abort();
        }
    }
}
