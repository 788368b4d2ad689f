using System.Diagnostics;
using Kpi.SamplePlatform.Servers;

namespace Kpi.SamplePlatform.Demo;

/// <summary>
/// The shell script that cleans up behind a demo: it waits for the end of a pipe whose other end only this process holds, so it acts
/// however this process ends.
/// </summary>
internal sealed class Guard : IDisposable
{
    // Longer than the script itself tries.
    private static readonly TimeSpan CleanTime = TimeSpan.FromSeconds(40);

    private readonly Process process;
    private readonly string folder;

    private Guard(Process process, string folder)
    {
        this.process = process;
        this.folder = folder;
    }

    private static string Script => Path.Combine(AppContext.BaseDirectory, "Demo", "guard.sh");

    /// <summary>Begins to watch.</summary>
    public static Guard Watch(string folder) => new(Start(folder), folder);

    /// <summary>Removes what demos of this user left in <paramref name="parent"/> whose launcher is gone; their folders.</summary>
    public static async Task<IReadOnlyList<string>> SweepAsync(string parent, CancellationToken cancellation)
    {
        var swept = await ServerCommand.RunAsync("bash", [Script, "sweep", parent], cancellation).ConfigureAwait(false);
        return swept.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>Has everything ended and the folder removed.</summary>
    /// <exception cref="DemoException">Something is left.</exception>
    public async Task CleanAsync()
    {
        await EndAsync(process).ConfigureAwait(false);
        if (Directory.Exists(folder))
        {
            // The guard itself was killed, or a file would not go at first.
            using var second = Start(folder);
            await EndAsync(second).ConfigureAwait(false);
        }

        if (Directory.Exists(folder))
        {
            throw new DemoException($"not all could be removed: {folder} is left");
        }
    }

    public void Dispose() => process.Dispose();

    private static Process Start(string folder) =>
        Process.Start(new ProcessStartInfo("setsid", ["bash", Script, "wait", folder])
        {
            RedirectStandardInput = true,
            WorkingDirectory = "/",
        })!;

    private static async Task EndAsync(Process guard)
    {
        guard.StandardInput.Close();
        using var deadline = new CancellationTokenSource(CleanTime);
        try
        {
            await guard.WaitForExitAsync(deadline.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            guard.Kill();
        }
    }
}
