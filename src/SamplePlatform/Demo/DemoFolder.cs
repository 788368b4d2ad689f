using System.Globalization;
using Kpi.SamplePlatform.Load;
using Kpi.SamplePlatform.Servers;

namespace Kpi.SamplePlatform.Demo;

/// <summary>The one folder in which a demo keeps everything, marked with the launcher's pid and start time.</summary>
internal sealed class DemoFolder
{
    // Five clusters with their logs and a quarter of an hour of traffic; and what an account takes with its index. Both measured, with
    // some room above.
    private const long LeastBytes = 500L << 20;
    private const long BytesPerUser = 400;

    private const int NameLength = 6;

    private DemoFolder(string path) => Path = path;

    public string Path { get; }

    public string Alerts => In("alerts");

    public string Data => In("data");

    public string Servers => In("servers");

    /// <summary><c>TMPDIR</c>, else <c>/tmp</c>.</summary>
    public static string Parent => System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(System.IO.Path.GetTempPath()));

    /// <exception cref="DemoException">There is no room for a demo.</exception>
    public static void RequireSpace(string parent, LoadPreset preset)
    {
        if (!Directory.Exists(parent))
        {
            throw new DemoException($"TMPDIR: there is no folder {parent}");
        }

        var needed = LeastBytes + (preset.Users * BytesPerUser);
        var free = new DriveInfo(parent).AvailableFreeSpace;
        if (free < needed)
        {
            throw new DemoException(
                $"no space left for a demo: it needs about {needed >> 20} MB in {parent}, {free >> 20} MB are free. "
                + "Set TMPDIR to a folder with more room");
        }
    }

    /// <summary>Makes the folder: others may pass through it, as the database account must, and not list it.</summary>
    /// <exception cref="ServerException">It could not be made.</exception>
    public static async Task<DemoFolder> CreateAsync(string parent, CancellationToken cancellation)
    {
        var user = (await ServerCommand.RunAsync("id", ["-u"], cancellation).ConfigureAwait(false)).Trim();
        var name = string.Create(CultureInfo.InvariantCulture, $"kpi-demo-{user}-{Guid.NewGuid().ToString("N")[..NameLength]}");
        var folder = new DemoFolder(System.IO.Path.Combine(parent, name));
        await ServerCommand.RunAsync("mkdir", ["-m", "711", "--", folder.Path, folder.Servers], cancellation).ConfigureAwait(false);
        try
        {
            var mark = ProcessMark.OfThisProcess().ToString();
            await File.WriteAllTextAsync(folder.In("launcher.mark"), mark, cancellation).ConfigureAwait(false);
            return folder;
        }
        catch
        {
            Directory.Delete(folder.Path, recursive: true);
            throw;
        }
    }

    public string In(string name) => System.IO.Path.Combine(Path, name);

    public string Server(string name) => System.IO.Path.Combine(Servers, name);
}
