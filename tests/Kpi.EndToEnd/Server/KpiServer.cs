using System.Diagnostics;
using Kpi.EndToEnd.Answers;

namespace Kpi.EndToEnd.Server;

/// <summary>
/// A running <c>kpi serve</c>, ready. Disposing it stops it as an operator does and fails when that is not clean: exit code 0
/// within ten seconds and no failure in its log.
/// </summary>
internal sealed class KpiServer : IAsyncDisposable
{
    private static readonly TimeSpan StartTime = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan StopTime = TimeSpan.FromSeconds(10);

    private readonly KpiFolder? owned;

    private KpiServer(KpiProcess process, KpiPorts ports, KpiFolder folder, bool ownsFolder)
    {
        Process = process;
        Ports = ports;
        Folder = folder;
        owned = ownsFolder ? folder : null;
        Api = new KpiApi(Page);
    }

    public KpiProcess Process { get; }

    public KpiPorts Ports { get; }

    public KpiFolder Folder { get; }

    public KpiApi Api { get; }

    public Uri Page => new($"http://127.0.0.1:{Ports.Http}/");

    public Uri OtlpGrpc => new($"http://127.0.0.1:{Ports.Grpc}");

    public Uri OtlpHttp => new($"http://127.0.0.1:{Ports.OtlpHttp}");

    /// <summary>From the start of the process to the first 200 of <c>/readyz</c>.</summary>
    public TimeSpan ReadyAfter { get; private set; }

    /// <summary>The arguments by which a server is started.</summary>
    public static string[] Arguments(KpiFolder folder, KpiPorts ports) =>
    [
        "serve", "--data", folder.Data, "--alerts", folder.Alerts, "--http", $"127.0.0.1:{ports.Http}",
        "--otlp-grpc", $"127.0.0.1:{ports.Grpc}", "--otlp-http", $"127.0.0.1:{ports.OtlpHttp}",
    ];

    /// <summary>Starts a server in a folder of its own, or in one that the test keeps over several servers.</summary>
    public static async Task<KpiServer> StartAsync(KpiFolder? folder = null, KpiPorts? ports = null)
    {
        var used = folder ?? new KpiFolder();
        var listen = ports ?? KpiPorts.Free();
        return await AwaitReadyAsync(KpiProcess.Start(used.Root, Arguments(used, listen)), listen, used, ownsFolder: folder is null);
    }

    /// <summary>Takes over a process that was started otherwise.</summary>
    public static async Task<KpiServer> AwaitReadyAsync(KpiProcess process, KpiPorts ports, KpiFolder folder, bool ownsFolder = false)
    {
        var server = new KpiServer(process, ports, folder, ownsFolder);
        var started = Stopwatch.StartNew();
        try
        {
            await Eventually.HoldsAsync("the server is ready", StartTime, async () =>
                process.HasExited
                    ? throw new InvalidOperationException($"exit code {process.ExitCode} while starting:\n{process.Output}")
                    : await server.Api.IsReadyAsync());
        }
        catch
        {
            server.Discard();
            throw;
        }

        server.ReadyAfter = started.Elapsed;
        return server;
    }

    /// <summary>As a power cut: nothing is flushed, nobody says goodbye.</summary>
    public async Task KillAsync()
    {
        Process.Kill();
        await Process.WaitForExitAsync(StopTime);
    }

    /// <summary>SIGTERM, exit code 0 within ten seconds, nothing failed meanwhile.</summary>
    public async Task StopAsync()
    {
        Process.Terminate();
        await Process.WaitForExitAsync(StopTime);
        Assert.True(Process.ExitCode == 0, $"exit code {Process.ExitCode}:\n{Process.Output}");
        Assert.True(!Process.Output.Contains("fail:", StringComparison.Ordinal), Process.Output);
        Assert.True(!Process.Output.Contains("crit:", StringComparison.Ordinal), Process.Output);
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            if (!Process.HasExited)
            {
                await StopAsync();
            }
        }
        finally
        {
            Discard();
        }
    }

    private void Discard()
    {
        Process.Dispose();
        Api.Dispose();
        owned?.Dispose();
    }
}
