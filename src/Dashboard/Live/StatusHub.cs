using Kpi.SloEngine.Status;
using Microsoft.AspNetCore.SignalR;

namespace Kpi.Dashboard.Live;

/// <summary>What a page hears from us.</summary>
public interface IStatusClient
{
    /// <summary>The next change of the subscribed window.</summary>
    Task Delta(StatusDelta delta);
}

/// <summary>The live line to a page, <c>/hubs/status</c>.</summary>
internal sealed class StatusHub(ClientFeeds feeds) : Hub<IStatusClient>
{
    /// <summary>Gives the window's status as it is and sends what changes from then on; replaces an earlier subscription.</summary>
    public Task<WindowStatus> Subscribe(string window) =>
        StatusWindow.Live.FirstOrDefault(w => w.Name == window) is { } live
            ? feeds.StartAsync(Context.ConnectionId, live, Context.Abort)
            : throw new HubException($"window '{window}' is none of {string.Join(", ", StatusWindow.Live.Select(w => w.Name))}");

    /// <inheritdoc/>
    public override Task OnConnectedAsync()
    {
        if (!feeds.TryEnter(Context.ConnectionId))
        {
            throw new HubException($"there are {ClientFeeds.MostClients} pages open already");
        }

        return base.OnConnectedAsync();
    }

    /// <inheritdoc/>
    public override Task OnDisconnectedAsync(Exception? exception)
    {
        feeds.Leave(Context.ConnectionId);
        return base.OnDisconnectedAsync(exception);
    }
}
