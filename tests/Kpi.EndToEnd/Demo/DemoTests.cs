using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Kpi.EndToEnd.Answers;
using Xunit.Sdk;

namespace Kpi.EndToEnd.Demo;

public sealed class DemoTests(ITestOutputHelper output)
{
    private const string SlowShard = "shard-2";

    // The demo sends 58 requests a second; what is exported later than these is newer than all that is asked about.
    private const int RequestsUntilAllIsIn = 58 * 6;

    private static readonly TimeSpan Arrival = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task What_two_faults_really_did_is_what_the_api_reports()
    {
        using var demo = RunningDemo.Start("--for", "60");
        output.WriteLine($"ready after {await demo.ReadyAsync()} s");
        using var api = demo.Api;

        await ErrorsAreThoseOfTheLedgerAsync(demo, api);
        await TheSlowShardIsNamedAndItsEffectRightAsync(demo, api);

        await demo.Process.WaitForExitAsync(TimeSpan.FromSeconds(90));
        Assert.Equal(0, demo.Process.ExitCode);
        Assert.Empty(demo.Left());
    }

    [Fact]
    public async Task Killed_outright_it_leaves_no_process_and_no_file()
    {
        using var demo = RunningDemo.Start("--users", "1k");
        await demo.ReadyAsync();
        Assert.NotEmpty(demo.Left());
        demo.Process.Kill();
        await demo.NothingIsLeftAsync(TimeSpan.FromSeconds(40));
    }

    [Fact]
    public async Task A_port_that_is_taken_is_named_and_nothing_is_left()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var taken = (IPEndPoint)other.LocalEndpoint;
        using var demo = RunningDemo.Start("--http", taken.ToString());
        await demo.Process.WaitForExitAsync(TimeSpan.FromMinutes(2));
        Assert.Equal(2, demo.Process.ExitCode);
        Assert.Contains(taken.Port.ToString(System.Globalization.CultureInfo.InvariantCulture), demo.Process.Output, StringComparison.Ordinal);
        Assert.Empty(demo.Left());
    }

    [Fact]
    public async Task A_disk_without_room_is_named_and_nothing_is_left()
    {
        using var demo = RunningDemo.StartWithMount(mount: null, size: "64m");
        await demo.Process.WaitForExitAsync(TimeSpan.FromMinutes(1));
        Assert.Contains("no space left", demo.Process.Output, StringComparison.Ordinal);
        Assert.Equal(2, demo.Process.ExitCode);
        Assert.Empty(demo.Left());
    }

    [Fact]
    public async Task A_missing_package_is_named_and_nothing_is_left()
    {
        using var demo = RunningDemo.StartWithMount("/usr/lib/postgresql", size: "1m");
        await demo.Process.WaitForExitAsync(TimeSpan.FromMinutes(1));
        Assert.Contains("apt-get install postgresql", demo.Process.Output, StringComparison.Ordinal);
        Assert.Equal(2, demo.Process.ExitCode);
        Assert.Empty(demo.Left());
    }

    private static async Task ErrorsAreThoseOfTheLedgerAsync(RunningDemo demo, KpiApi api)
    {
        Assert.Equal(0, (long?)(await api.ServiceAsync("shop"))!["errors"]);
        await demo.BeginAsync("error-route", new { size = 0.3 });
        await demo.HasActedAsync("error-route", 40);
        await demo.EndAsync("error-route");
        await AllIsInAsync(api);
        var truth = (long)(await demo.LedgerAsync("error-route"))["affected"]!;
        Assert.Equal(truth, (long?)(await api.ServiceAsync("shop"))!["errors"]);
        Assert.Equal(truth, (long?)(await api.KpiAsync("error_rate"))["numerator"]);
    }

    private static async Task TheSlowShardIsNamedAndItsEffectRightAsync(RunningDemo demo, KpiApi api)
    {
        var (sum, count) = await QueriesAsync(api);
        await demo.BeginAsync("slow-shard", new { size = 0.4, target = SlowShard });
        await demo.HasActedAsync("slow-shard", 60);
        await demo.EndAsync("slow-shard");
        await AllIsInAsync(api);

        var (sumAfter, countAfter) = await QueriesAsync(api);
        var effect = sumAfter - sum - ((countAfter - count) * (sum / count));
        var truth = (double)(await demo.LedgerAsync("slow-shard"))["injectedSeconds"]!;
        Assert.InRange(effect, truth * 0.95, truth * 1.05);
        var worst = (await api.KpiAsync("db_query_time"))["worst"] ?? throw new XunitException("no shard is named");
        Assert.Equal(SlowShard, (string?)worst["name"]);
        Assert.True((double)worst["value"]! > 0.3, worst.ToJsonString());
    }

    // Queries of the shard that will be slow, as spans tell of them (the driver's own histogram does too): their time altogether, and how many.
    private static async Task<(double Sum, double Count)> QueriesAsync(KpiApi api)
    {
        var series = await api.SeriesAsync($"{{\"db.client.operation.duration\",\"db.client.connection.pool.name\"=\"{SlowShard}\",\"kpi.from\"=\"spans\"}}");
        return (Total(series, "sum"), Total(series, "count"));

        static double Total(JsonArray series, string what) => series.Sum(s => (double)s![what]!);
    }

    private static async Task AllIsInAsync(KpiApi api)
    {
        var now = await api.RequestsAsync("shop");
        await Eventually.HoldsAsync("newer requests are in", Arrival, async () => await api.RequestsAsync("shop") >= now + RequestsUntilAllIsIn);
    }
}
