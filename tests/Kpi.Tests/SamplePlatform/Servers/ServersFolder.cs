using Kpi.SamplePlatform.Servers;

namespace Kpi.Tests.SamplePlatform.Servers;

/// <summary>A temporary folder that the servers' account may pass through; removed with all in it.</summary>
internal sealed class ServersFolder : IDisposable
{
    private ServersFolder(string path) => Path = path;

    public string Path { get; }

    public string this[string name] => System.IO.Path.Combine(Path, name);

    public static async Task<ServersFolder> CreateAsync()
    {
        var path = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"kpi-servers-{Guid.NewGuid():N}");
        await ServerCommand.RunAsync("install", ["-d", "-m", "711", path], CancellationToken.None);
        return new ServersFolder(path);
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
