using System.Diagnostics;
using System.Globalization;

namespace Kpi.SamplePlatform.Servers;

/// <summary>A process known by its pid file and its working folder, so that a pid used again by another is not taken for it.</summary>
internal sealed class DaemonProcess(string pidFile, string workingFolder)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Null while it does not run.</summary>
    public int? Id
    {
        get
        {
            try
            {
                // PostgreSQL writes more lines below the pid.
                var line = File.ReadLines(pidFile).FirstOrDefault();
                return int.TryParse(line, CultureInfo.InvariantCulture, out var id) && Works(id) ? id : null;
            }
            catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
            {
                return null;
            }
        }
    }

    /// <summary>As <c>kill -9</c>.</summary>
    public void Kill()
    {
        try
        {
            if (Id is { } id)
            {
                using var process = Process.GetProcessById(id);
                process.Kill();
            }
        }
        catch (Exception ended) when (ended is ArgumentException or InvalidOperationException)
        {
            // Ended between the question and the kill.
        }
    }

    /// <summary>False when it still runs after <paramref name="within"/>.</summary>
    public async Task<bool> EndsAsync(TimeSpan within, TimeProvider clock, CancellationToken cancellation)
    {
        for (var asked = clock.GetTimestamp(); Id is not null;)
        {
            if (clock.GetElapsedTime(asked) > within)
            {
                return false;
            }

            await Task.Delay(Pause, clock, cancellation).ConfigureAwait(false);
        }

        return true;
    }

    // A process that ended but was not yet waited for works in no folder.
    private bool Works(int id) => new DirectoryInfo($"/proc/{id}/cwd").LinkTarget == workingFolder;
}
