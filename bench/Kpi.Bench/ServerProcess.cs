using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Kpi.Bench;

/// <summary>A server under measurement, in a process of its own: its CPU and memory are read from <c>/proc</c>.</summary>
internal sealed class ServerProcess : IDisposable
{
    private const double TicksPerSecond = 100;

    private readonly Process process;
    private readonly DirectoryInfo data;

    private ServerProcess(Func<ServerProcess, ProcessStartInfo> start, DirectoryInfo? over = null)
    {
        data = over ?? Directory.CreateTempSubdirectory("kpi-bench");
        var info = start(this);
        info.RedirectStandardOutput = true;
        process = Process.Start(info)!;
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
    }

    public int PagePort { get; } = FreePort();

    public int GrpcPort { get; } = FreePort();

    public int HttpPort { get; } = FreePort();

    public double CpuSeconds
    {
        get
        {
            // Fields 14 and 15 are user and system time; the second may hold blanks, so count from behind its bracket.
            var fields = File.ReadAllText($"/proc/{process.Id}/stat").Split(") ")[1].Split(' ');
            return (double.Parse(fields[11], CultureInfo.InvariantCulture) + double.Parse(fields[12], CultureInfo.InvariantCulture)) / TicksPerSecond;
        }
    }

    public double ResidentMegabytes =>
        double.Parse(File.ReadLines($"/proc/{process.Id}/status").Single(l => l.StartsWith("VmRSS:", StringComparison.Ordinal)).Split(' ')[^2], CultureInfo.InvariantCulture) / 1024;

    /// <param name="durability">What an acknowledgement promises.</param>
    /// <param name="over">The data folder of an earlier one; its own when null.</param>
    /// <param name="settings">Variables of its environment.</param>
    public static ServerProcess Kpi(string durability = "fsync", DirectoryInfo? over = null, params KeyValuePair<string, string>[] settings) => new(p => With(settings, new ProcessStartInfo(
        Path.Combine(Results.Root(), "artifacts", "bin", "Kpi", "release", "kpi"),
        ["serve", "--data", p.data.FullName, "--alerts", Path.Combine(Results.Root(), "alerts"), "--http", $"127.0.0.1:{p.PagePort}",
            "--otlp-grpc", $"127.0.0.1:{p.GrpcPort}", "--otlp-http", $"127.0.0.1:{p.HttpPort}", "--durability", durability])), over);

    public static ServerProcess Baseline(string mode) => new(p => new ProcessStartInfo(
        "dotnet", [typeof(ServerProcess).Assembly.Location, "baseline", mode, $"{p.GrpcPort}", $"{p.HttpPort}"]));

    /// <summary>Waits until the ingest ports take connections.</summary>
    public async Task ReadyAsync(TimeSpan? within = null)
    {
        var most = within ?? TimeSpan.FromSeconds(20);
        var deadline = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                using var probe = new TcpClient();
                await probe.ConnectAsync(IPAddress.Loopback, HttpPort);
                return;
            }
            catch (SocketException) when (deadline.Elapsed < most)
            {
                await Task.Delay(5);
            }
        }
    }

    /// <summary>As <c>kill -9</c>; the data stays, for another to be started over.</summary>
    public DirectoryInfo Crash()
    {
        process.Kill();
        process.WaitForExit();
        process.Dispose();
        return data;
    }

    public void Dispose() => Crash().Delete(recursive: true);

    private static ProcessStartInfo With(KeyValuePair<string, string>[] settings, ProcessStartInfo start)
    {
        foreach (var (name, value) in settings)
        {
            start.Environment[name] = value;
        }

        return start;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
