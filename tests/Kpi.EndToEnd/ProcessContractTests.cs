using System.Net;
using System.Net.Sockets;
using Kpi.EndToEnd.Senders;
using Kpi.EndToEnd.Server;

namespace Kpi.EndToEnd;

/// <summary>Options, exit codes, signals and folders: what scripts and service managers rely on.</summary>
public sealed class ProcessContractTests(ITestOutputHelper output) : IDisposable
{
    private const int UsageOrEnvironment = 2;
    private const long MostIdleBytes = 150L << 20;

    // The design asks for two seconds; a busy machine gets more before this is called broken. The figure is written down.
    private static readonly TimeSpan MostStartTime = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan RefusalTime = TimeSpan.FromSeconds(10);

    private readonly KpiFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task All_bad_options_are_reported_at_once()
    {
        var said = await RefusalAsync([
            "serve", "--data", folder.Data, "--alerts", Path.Combine(folder.Root, "nowhere"),
            "--http", "127.0.0.1:99999", "--otlp-grpc", "0.0.0.0:4317", "--otlp-http", "example:4318"]);
        Assert.Contains("--alerts", said, StringComparison.Ordinal);
        Assert.Contains(Path.Combine(folder.Root, "nowhere"), said, StringComparison.Ordinal);
        Assert.Contains("--http: '127.0.0.1:99999'", said, StringComparison.Ordinal);
        Assert.Contains("--otlp-grpc: 0.0.0.0 can be reached from outside", said, StringComparison.Ordinal);
        Assert.Contains("--otlp-http: 'example'", said, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder.Data), "a refused start leaves no data folder behind");
    }

    [Theory]
    [InlineData("serve --nonsense", "--nonsense")]
    [InlineData("bake", "bake")]
    public async Task Words_that_it_does_not_know_are_named(string line, string named) =>
        Assert.Contains(named, await RefusalAsync(line.Split(' ')), StringComparison.Ordinal);

    [Fact]
    public async Task Broken_definitions_are_named_by_file_line_and_reason()
    {
        var lines = await File.ReadAllLinesAsync(folder.KpisFile);
        var broken = Array.FindIndex(lines, l => l.Contains("quantile: 0.99", StringComparison.Ordinal));
        lines[broken] = lines[broken].Replace("0.99", "1.99", StringComparison.Ordinal);
        await File.WriteAllLinesAsync(folder.KpisFile, lines);
        await File.AppendAllTextAsync(Path.Combine(folder.Alerts, "tiers.yaml"), "colour: blue\n");

        var said = await RefusalAsync(KpiServer.Arguments(folder, KpiPorts.Free()));
        Assert.Contains($"kpis.yaml:{broken + 1}:", said, StringComparison.Ordinal);
        Assert.Contains("1.99", said, StringComparison.Ordinal);
        Assert.Matches(@"tiers\.yaml:\d+:\d+: .*colour", said);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_port_in_use_is_named(int which)
    {
        var ports = KpiPorts.Free();
        var taken = new[] { ports.Http, ports.Grpc, ports.OtlpHttp }[which];
        using var other = new TcpListener(IPAddress.Loopback, taken);
        other.Start();
        Assert.Contains($"127.0.0.1:{taken}", await RefusalAsync(KpiServer.Arguments(folder, ports)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_data_folder_belongs_to_one_process_and_the_second_says_so()
    {
        await using var first = await KpiServer.StartAsync(folder);
        Assert.Contains(folder.Data, await RefusalAsync(KpiServer.Arguments(folder, KpiPorts.Free())), StringComparison.Ordinal);
        Assert.True(await first.Api.IsReadyAsync());
    }

    [Fact]
    public async Task Options_may_stand_in_the_environment()
    {
        var ports = KpiPorts.Free();
        var process = KpiProcess.Start(folder.Root, ["serve"], new Dictionary<string, string>
        {
            ["KPI__DATA"] = folder.Data,
            ["KPI__ALERTS"] = folder.Alerts,
            ["KPI__HTTP"] = $"127.0.0.1:{ports.Http}",
            ["KPI__OTLP_GRPC"] = $"127.0.0.1:{ports.Grpc}",
            ["KPI__OTLP_HTTP"] = $"localhost:{ports.OtlpHttp}",
        });
        await using var server = await KpiServer.AwaitReadyAsync(process, ports, folder);
        using (var sender = DotNetSender.OneByOne("env", DotNetSender.Grpc(server.OtlpGrpc)))
        {
            sender.Send(SentRequest.Http(200, TimeSpan.FromMilliseconds(20), DateTime.UtcNow));
            sender.Flush();
        }

        Assert.Equal(1, await server.Api.RequestsAsync("env"));
        Assert.True(File.Exists(Path.Combine(folder.Data, "rollups.db")));
    }

    [Fact]
    public async Task What_was_sent_before_a_stop_is_there_after_the_next_start()
    {
        var traffic = new KnownTraffic(DateTime.UtcNow);

        // Not the verdicts: nobody watched while it was down, and of so short a life that is too much for one.
        string[] figures = ["value", "numerator", "denominator", "n", "shares"];
        string before;
        await using (var first = await KpiServer.StartAsync(folder))
        {
            using (var sender = DotNetSender.Batching("kept", DotNetSender.Grpc(first.OtlpGrpc)))
            {
                foreach (var span in traffic.Spans())
                {
                    sender.Send(span);
                }

                sender.Flush();
            }

            before = await FiguresAsync(first);
            await first.StopAsync();
        }

        await using var second = await KpiServer.StartAsync(folder);
        Assert.Equal(before, await FiguresAsync(second));

        async Task<string> FiguresAsync(KpiServer server)
        {
            var kpis = (await server.Api.JsonAsync("api/scorecard?window=1h"))["kpis"]!.AsArray();
            var service = await server.Api.ServiceAsync("kept", "1h");
            return string.Join('\n', kpis.SelectMany(k => figures.Select(f => $"{k!["id"]} {f} {k[f]?.ToJsonString()}"))
                .Append($"{service!["requests"]} {service["errors"]} {service["aborted"]} {service["p50"]} {service["p99"]}"));
        }
    }

    [Fact]
    public async Task It_starts_quickly_and_is_small_when_idle()
    {
        await using var server = await KpiServer.StartAsync();
        var idle = server.Process.ResidentBytes;
        Figures.Write(output, $"ready after {server.ReadyAfter.TotalSeconds:F2} s (aim 2 s)");
        Figures.Write(output, $"resident when ready: {idle / 1048576.0:F1} MB (aim 150 MB)");
        Assert.InRange(server.ReadyAfter, TimeSpan.Zero, MostStartTime);
        Assert.InRange(idle, 0, MostIdleBytes);
    }

    [Fact]
    public async Task A_request_that_hangs_neither_holds_up_a_stop_nor_costs_what_was_sent()
    {
        await using (var first = await KpiServer.StartAsync(folder))
        {
            using (var sender = DotNetSender.OneByOne("kept", DotNetSender.Grpc(first.OtlpGrpc)))
            {
                sender.Send(SentRequest.Http(200, TimeSpan.FromMilliseconds(20), DateTime.UtcNow));
                sender.Flush();
            }

            using var hanging = new TcpClient();
            await hanging.ConnectAsync(IPAddress.Loopback, first.Ports.OtlpHttp);
            await hanging.GetStream().WriteAsync(
                "POST /v1/traces HTTP/1.1\r\nHost: kpi\r\nContent-Type: application/x-protobuf\r\nContent-Length: 1000\r\n\r\nhalf"u8.ToArray());
            await first.StopAsync();
        }

        await using var second = await KpiServer.StartAsync(folder);
        Assert.Equal(1, await second.Api.RequestsAsync("kept"));
    }

    /// <summary>Runs it to its end, which must be exit code 2, and returns what it said.</summary>
    private async Task<string> RefusalAsync(IEnumerable<string> arguments)
    {
        using var process = KpiProcess.Start(folder.Root, arguments);
        await process.WaitForExitAsync(RefusalTime);
        output.WriteLine(process.Output);
        Assert.True(process.ExitCode == UsageOrEnvironment, $"exit code {process.ExitCode}:\n{process.Output}");
        Assert.DoesNotContain("   at ", process.Output, StringComparison.Ordinal);
        return process.Output;
    }
}
