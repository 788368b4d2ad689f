using Kpi.SamplePlatform.Servers;

namespace Kpi.SamplePlatform.Demo;

/// <summary>
/// A demo from its first step until nothing of it is left. Start order: guard, servers and kpi at once, schema and seed, shop, load.
/// Stop is the reverse; the guard has the last word.
/// </summary>
internal sealed class DemoRun(DemoSettings settings, TextWriter console, TimeProvider clock)
{
    // On a busy machine; the whole start takes a fraction of it.
    private static readonly TimeSpan StartTime = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    // Below this a part that failed has most likely failed for want of space, and could not even log it.
    private const long FullBytes = 16L << 20;

    private readonly DemoProgress progress = new(console, clock);

    /// <summary>Returns when the time is over or <paramref name="stop"/> is asked for.</summary>
    /// <exception cref="DemoException">It could not start, or a part crashed.</exception>
    /// <exception cref="ServerException">A server could not be started.</exception>
    public async Task RunAsync(CancellationToken stop)
    {
        var parent = DemoFolder.Parent;
        ServerPrograms.Find();
        foreach (var swept in await Guard.SweepAsync(parent, stop).ConfigureAwait(false))
        {
            progress.Say($"removed what an earlier demo had left: {swept}");
        }

        var ports = DemoPorts.Choose(settings.Page, DemoPorts.UsualPage);
        DemoFolder.RequireSpace(parent, settings.Preset);
        var folder = await DemoFolder.CreateAsync(parent, stop).ConfigureAwait(false);
        using var guard = Guard.Watch(folder.Path);
        try
        {
            await RunInAsync(folder, ports, stop).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is not OperationCanceledException && new DriveInfo(parent).AvailableFreeSpace < FullBytes)
        {
            var free = new DriveInfo(parent).AvailableFreeSpace;
            throw new DemoException($"{failure.Message}\nno space left: {free >> 20} MB are free in {parent}", failure);
        }
        finally
        {
            await guard.CleanAsync().ConfigureAwait(false);
        }
    }

    private async Task RunInAsync(DemoFolder folder, DemoPorts ports, CancellationToken stop)
    {
        var parts = new DemoParts(folder, ports, settings);
        try
        {
            using var client = new DemoClient(ports);
            var servers = await StartAsync(folder, parts, client, stop).ConfigureAwait(false);
            DemoWords.Welcome(progress, ports, settings);
            using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
            if (settings.Length is { } length)
            {
                end.CancelAfter(length);
            }

            await new DemoWatch(parts.Started, servers.Down, client.StoppedOnPurposeAsync, servers.LogTailOf, clock)
                .RunAsync(end.Token).ConfigureAwait(false);
            progress.Say("stopping");
        }
        finally
        {
            await parts.DisposeAsync().ConfigureAwait(false);
            DemoWords.Farewell(progress, parts.LoadReport);
        }
    }

    private async Task<DemoServers> StartAsync(DemoFolder folder, DemoParts parts, DemoClient client, CancellationToken stop)
    {
        progress.Say($"starting the shop of {settings.Preset.Users:N0} users in {folder.Path}");
        DemoDefinitions.Copy(settings.AlertsFolder, folder.Alerts, settings.Preset);
        parts.StartKpi();
        var kpi = progress.StepAsync("kpi serve", UntilAsync("kpi", parts, client.KpiIsReadyAsync, stop));
        var servers = StartServersAsync(folder, stop);
        await Task.WhenAll(kpi, servers).ConfigureAwait(false);

        parts.StartShop();
        await progress.StepAsync("shop", UntilAsync("shop", parts, client.ShopIsReadyAsync, stop)).ConfigureAwait(false);
        parts.StartLoad();
        var figures = UntilAsync("load", parts, client.HasFiguresAsync, stop);
        await progress.StepAsync("users, until the page shows a latency", figures).ConfigureAwait(false);
        return await servers.ConfigureAwait(false);
    }

    private async Task<DemoServers> StartServersAsync(DemoFolder folder, CancellationToken stop)
    {
        var starting = DemoServers.StartAsync(folder, stop);
        var servers = await progress.StepAsync("PostgreSQL (5 clusters) and Redis", starting).ConfigureAwait(false);
        await DemoPlatform.CreateAsync(folder, settings.Preset, progress, clock, stop).ConfigureAwait(false);
        return servers;
    }

    private async Task UntilAsync(string name, DemoParts parts, Func<CancellationToken, Task<bool>> ready, CancellationToken stop)
    {
        for (var asked = clock.GetTimestamp(); !await ready(stop).ConfigureAwait(false);)
        {
            foreach (var part in parts.Started)
            {
                part.RequireRunning();
            }

            if (clock.GetElapsedTime(asked) > StartTime)
            {
                var log = parts.Started.Single(p => p.Name == name).LogTail;
                throw new DemoException($"{name} is not ready after {StartTime.TotalSeconds:0} s. The end of its log:\n{log}");
            }

            await Task.Delay(Pause, clock, stop).ConfigureAwait(false);
        }
    }
}
