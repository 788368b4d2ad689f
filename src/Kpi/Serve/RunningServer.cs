using Kpi.Collector;
using Kpi.Dashboard;
using Kpi.Rollups;
using Kpi.Rollups.Store;
using Kpi.SloEngine;
using Kpi.SloEngine.Definitions;
using Kpi.SloEngine.Status;

namespace Kpi.Program.Serve;

/// <summary>
/// All parts of the one process. Start order: page (health answers at once), store and rollups, engine, collector, ready. Stop is
/// the reverse: not ready, intake, engine, last flush, page.
/// </summary>
internal sealed class RunningServer : IAsyncDisposable
{
    // Disposed from the top: the last started first.
    private readonly Stack<IAsyncDisposable> parts = new();
    private readonly EngineSlot slot = new();
    private CollectorServer? collector;

    private RunningServer()
    {
    }

    public static async Task<RunningServer> StartAsync(
        ServeSettings settings, DefinitionsWatch watch, string build, TimeProvider clock, ILoggerFactory logs, CancellationToken cancellation)
    {
        var server = new RunningServer();
        try
        {
            await server.StartPartsAsync(settings, watch, build, clock, logs, cancellation).ConfigureAwait(false);
            return server;
        }
        catch
        {
            await server.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Not ready any more; takes no new requests and lets those under way end.</summary>
    public Task StopIntakeAsync(CancellationToken cancellation)
    {
        slot.IsReady = false;
        return collector?.StopAsync(cancellation) ?? Task.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        slot.IsReady = false;
        slot.Engine = null;
        while (parts.TryPop(out var part))
        {
            await part.DisposeAsync().ConfigureAwait(false);
        }
    }

    private async Task StartPartsAsync(
        ServeSettings settings, DefinitionsWatch watch, string build, TimeProvider clock, ILoggerFactory logs, CancellationToken cancellation)
    {
        var folder = Keep(new HeldFolder(DataFolder.Open(settings.DataFolder))).Folder;
        Keep(await DashboardServer.StartAsync(settings.HttpAddress, slot, clock, logs, cancellation).ConfigureAwait(false));

        var store = SqliteRollupStore.Open(folder.Rollups, settings.Rollups);
        var rollup = Keep(await Rollup.OpenAsync(store, settings.Rollups, folder.Writer, clock, logs, cancellation).ConfigureAwait(false));
        rollup.Catalog.LabelKey = folder.LabelKey;
        rollup.StartFlushing();

        var endpoints = new IngestEndpoints(settings.Collector.Grpc.ToString(), settings.Collector.Http.ToString());
        var engine = Keep(new StatusEngine(rollup, watch, endpoints, build, clock, logs));
        engine.StartPublishing();
        slot.Engine = engine;

        collector = Keep(await CollectorServer.StartAsync(
            settings.Collector, settings.Journal, folder.Journal, rollup, clock, logs, cancellation).ConfigureAwait(false));
        slot.IsReady = true;
        Log.Ready(logs.CreateLogger("Kpi"), settings.HttpAddress, settings.Collector.Grpc, settings.Collector.Http, settings.DataFolder);
    }

    private T Keep<T>(T part)
        where T : IAsyncDisposable
    {
        parts.Push(part);
        return part;
    }

    private sealed record HeldFolder(DataFolder Folder) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            Folder.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
