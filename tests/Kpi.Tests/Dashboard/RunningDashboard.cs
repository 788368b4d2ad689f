using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Kpi.Dashboard;
using Kpi.Rollups.Store;
using Kpi.Tests.SloEngine;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kpi.Tests.Dashboard;

/// <summary>A dashboard on a free port of this machine, and a client to it.</summary>
internal sealed class RunningDashboard : IAsyncDisposable
{
    private readonly DashboardServer server;

    private RunningDashboard(DashboardServer server, EngineSlot slot, Platform platform, IPEndPoint address)
    {
        this.server = server;
        Slot = slot;
        Platform = platform;
        Address = address;
        Client = new HttpClient { BaseAddress = new Uri($"http://{address}") };
    }

    public EngineSlot Slot { get; }

    public Platform Platform { get; }

    public IPEndPoint Address { get; }

    public HttpClient Client { get; }

    /// <summary>Starts with an empty slot.</summary>
    public static async Task<RunningDashboard> StartEmptyAsync(
        TimeProvider clock, Func<IRollupStore, IRollupStore>? around = null, string kpis = Platform.Kpis)
    {
        var platform = await Platform.StartAsync(clock, kpis, around: around);
        var slot = new EngineSlot();
        for (var attempt = 0; ; attempt++)
        {
            var address = FreeAddress();
            try
            {
                var server = await DashboardServer.StartAsync(
                    address, slot, TimeProvider.System, NullLoggerFactory.Instance, CancellationToken.None);
                return new RunningDashboard(server, slot, platform, address);
            }
            catch (IOException) when (attempt < 5)
            {
                // Somebody else took the port meanwhile.
            }
        }
    }

    /// <summary>Starts with an engine that publishes.</summary>
    public static async Task<RunningDashboard> StartAsync(
        TimeProvider clock, Func<IRollupStore, IRollupStore>? around = null, string kpis = Platform.Kpis)
    {
        var dashboard = await StartEmptyAsync(clock, around, kpis);
        dashboard.Platform.Engine.StartPublishing();
        dashboard.Slot.Engine = dashboard.Platform.Engine;
        dashboard.Slot.IsReady = true;
        return dashboard;
    }

    public async Task<JsonElement> JsonAsync(string path)
    {
        using var answer = await Client.GetAsync(new Uri(path, UriKind.Relative));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("application/json", answer.Content.Headers.ContentType?.MediaType);
        using var document = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        return document.RootElement.Clone();
    }

    public Task<HttpResponseMessage> GetAsync(string path) => Client.GetAsync(new Uri(path, UriKind.Relative));

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        Slot.IsReady = false;
        Slot.Engine = null;
        await Platform.DisposeAsync();
        await server.DisposeAsync();
    }

    private static IPEndPoint FreeAddress()
    {
        using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        probe.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return (IPEndPoint)probe.LocalEndPoint!;
    }
}
