using System.Diagnostics;

namespace Kpi.Bench;

/// <summary>
/// victoria-metrics and prometheus from their Debian packages, unpacked into a folder of our own: installed, they would start at once
/// and at every boot.
/// </summary>
internal sealed class PeerPrograms : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("kpi-bench-peers-");

    public PeerPrograms()
    {
        Run("apt-get", ["download", "-qq", "victoria-metrics", "prometheus"]);
        foreach (var package in folder.GetFiles("*.deb"))
        {
            Run("dpkg-deb", ["-x", package.FullName, folder.FullName]);
            Versions.Add(package.Name.Replace("%3a", ":", StringComparison.Ordinal)[..package.Name.LastIndexOf('_')].Replace('_', ' '));
        }
    }

    public List<string> Versions { get; } = [];

    public ServerProcess VictoriaMetrics(int page) => ServerProcess.Peer((port, data) => new ProcessStartInfo(
        Program("victoria-metrics"),
        [$"-httpListenAddr=127.0.0.1:{port}", $"-storageDataPath={data}", $"-promscrape.config={Config(page)}", "-loggerLevel=ERROR"]));

    public ServerProcess Prometheus(int page) => ServerProcess.Peer((port, data) => new ProcessStartInfo(
        Program("prometheus"),
        [$"--web.listen-address=127.0.0.1:{port}", $"--storage.tsdb.path={data}", $"--config.file={Config(page)}", "--log.level=error"]));

    public void Dispose() => folder.Delete(recursive: true);

    private string Program(string name) => Path.Combine(folder.FullName, "usr", "bin", name);

    // Nobody listens on port 1: a server that is to stay empty.
    private string Config(int page)
    {
        var file = Path.Combine(folder.FullName, $"scrape-{page}.yml");
        File.WriteAllText(file, $"""
            global:
              scrape_interval: 10s
              scrape_timeout: 9s
            scrape_configs:
              - job_name: mem
                static_configs:
                  - targets: ['127.0.0.1:{page}']

            """);
        return file;
    }

    private void Run(string program, string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { WorkingDirectory = folder.FullName })!;
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}");
        }
    }
}
