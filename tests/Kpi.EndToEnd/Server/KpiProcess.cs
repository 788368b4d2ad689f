using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Kpi.EndToEnd.Server;

/// <summary>The program as the operating system runs it.</summary>
internal sealed class KpiProcess : IDisposable
{
    private const int Sigterm = 15;

    private readonly Process process;
    private readonly StringBuilder written = new();

    private KpiProcess(Process process) => this.process = process;

    public bool HasExited => process.HasExited;

    public int ExitCode => process.ExitCode;

    public int Id => process.Id;

    /// <summary>Everything it wrote so far, to both streams.</summary>
    public string Output
    {
        get
        {
            lock (written)
            {
                return written.ToString();
            }
        }
    }

    /// <summary>Memory that it has resident now, in bytes.</summary>
    public long ResidentBytes
    {
        get
        {
            var line = File.ReadLines($"/proc/{process.Id}/status").Single(l => l.StartsWith("VmRSS:", StringComparison.Ordinal));
            return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture) * 1024;
        }
    }

    public static KpiProcess Start(
        string workingFolder,
        IEnumerable<string> arguments,
        IEnumerable<KeyValuePair<string, string>>? environment = null,
        string? program = null)
    {
        var start = new ProcessStartInfo(program ?? BuiltProgram.Path, arguments)
        {
            WorkingDirectory = workingFolder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment ?? [])
        {
            start.Environment[name] = value;
        }

        var started = new KpiProcess(new Process { StartInfo = start });
        started.process.OutputDataReceived += started.Keep;
        started.process.ErrorDataReceived += started.Keep;
        started.process.Start();
        started.process.BeginOutputReadLine();
        started.process.BeginErrorReadLine();
        return started;
    }

    public void Terminate() => Assert.Equal(0, Kill(process.Id, Sigterm));

    /// <summary>As <c>kill -9</c>.</summary>
    public void Kill() => process.Kill();

    /// <exception cref="TimeoutException">It still runs.</exception>
    public async Task WaitForExitAsync(TimeSpan within)
    {
        using var deadline = new CancellationTokenSource(within);
        try
        {
            await process.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"still running after {within.TotalSeconds} s; it wrote:\n{Output}");
        }
    }

    /// <summary>No process survives its test.</summary>
    public void Dispose()
    {
        if (!process.HasExited)
        {
            process.Kill();
        }

        process.Dispose();
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int process, int signal);

    private void Keep(object sender, DataReceivedEventArgs line)
    {
        lock (written)
        {
            written.AppendLine(line.Data);
        }
    }
}
