using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Kpi.SamplePlatform.Load;
using Kpi.SamplePlatform.Servers;

namespace Kpi.Tests.SamplePlatform.Load;

public sealed class LoadRunTests : IDisposable
{
    private readonly TcpListener deaf = new(IPAddress.Loopback, 0);
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("kpi-load-");

    public LoadRunTests() => deaf.Start();

    private string ReportFile => Path.Combine(folder.FullName, "report.json");

    [Fact]
    public async Task A_run_ends_after_its_length_and_reports_what_it_was_asked_for()
    {
        var nobody = new Uri($"http://127.0.0.1:{FreePort.Next()}/");
        var settings = new LoadSettings(nobody, LoadPreset.Find("1m")!, 7, TimeSpan.FromSeconds(0.5), ReportFile);

        var report = await new LoadRun(settings, (_, _) => "token", TimeProvider.System).RunAsync(null, CancellationToken.None);

        Assert.Equal(("1m", 7, 0.99), (report.Users, report.Seed, report.ZipfExponent));
        Assert.InRange(report.Sent, 150, 450);
        Assert.Equal((report.Sent, 0L), (report.Failed, report.Ok));
        var written = JsonSerializer.Deserialize<LoadReport>(await File.ReadAllBytesAsync(ReportFile), JsonSerializerOptions.Web)!;
        Assert.Equal(report.Summary(), written.Summary());
    }

    [Fact]
    public async Task A_signal_ends_the_program_with_zero_and_its_report()
    {
        var start = new ProcessStartInfo(
            Path.Combine(AppContext.BaseDirectory, "Kpi.SamplePlatform"),
            ["load", "--target", $"http://{deaf.LocalEndpoint}", "--users", "1m", "--report", ReportFile])
        {
            RedirectStandardOutput = true,
            Environment = { ["SHOP_TOKEN_KEY"] = "0123456789abcdef" },
        };
        using var load = Process.Start(start)!;
        using (await deaf.AcceptTcpClientAsync().WaitAsync(TimeSpan.FromSeconds(60)))
        {
            await ServerCommand.RunAsync("kill", ["-TERM", $"{load.Id}"], CancellationToken.None);
            await load.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(60));
        }

        Assert.Equal(0, load.ExitCode);
        var report = JsonSerializer.Deserialize<LoadReport>(await File.ReadAllBytesAsync(ReportFile), JsonSerializerOptions.Web)!;
        Assert.True(report.Sent > 0);
        Assert.Equal(report.Sent, report.Failed + report.Unfinished);
    }

    public void Dispose()
    {
        deaf.Dispose();
        folder.Delete(recursive: true);
    }
}
