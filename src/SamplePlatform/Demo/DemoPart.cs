using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Kpi.SamplePlatform.Demo;

/// <summary>
/// One process of the demo: in a session of its own, so that Ctrl-C reaches the launcher alone, with its output in a file of the
/// folder and its mark beside it for the guard.
/// </summary>
internal sealed class DemoPart : IDisposable
{
    private const int Sigterm = 15;

    private static readonly TimeSpan StopTime = TimeSpan.FromSeconds(12);

    private readonly Process process;
    private readonly string log;

    private DemoPart(string name, Process process, string log)
    {
        Name = name;
        this.process = process;
        this.log = log;
    }

    public string Name { get; }

    public bool HasEnded => process.HasExited;

    /// <summary>The last lines that it wrote.</summary>
    public string LogTail => Kpi.SamplePlatform.Servers.LogTail.OfFile(log);

    /// <param name="environment">Changes to the launcher's own; null takes a variable away.</param>
    public static DemoPart Start(
        DemoFolder folder, string name, string program, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string?> environment)
    {
        var script = Path.Combine(AppContext.BaseDirectory, "Demo", "part.sh");
        var start = new ProcessStartInfo("setsid", ["bash", script, folder.Path, name, program, .. arguments]) { WorkingDirectory = "/" };
        foreach (var (variable, value) in environment)
        {
            start.Environment[variable] = value;
        }

        return new DemoPart(name, Process.Start(start)!, folder.In(name + ".log"));
    }

    /// <exception cref="DemoException">It has ended.</exception>
    public void RequireRunning()
    {
        if (HasEnded)
        {
            throw new DemoException($"{Name} ended with {process.ExitCode}. The end of its log:\n{LogTail}");
        }
    }

    /// <summary>SIGTERM, then, when that does not help, SIGKILL.</summary>
    public async Task StopAsync()
    {
        if (HasEnded)
        {
            return;
        }

        _ = Kill(process.Id, Sigterm);
        using var deadline = new CancellationTokenSource(StopTime);
        try
        {
            await process.WaitForExitAsync(deadline.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
        }
    }

    public void Dispose() => process.Dispose();

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int process, int signal);
}
