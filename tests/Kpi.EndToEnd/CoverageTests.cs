using Kpi.EndToEnd.Senders;
using Kpi.EndToEnd.Server;

namespace Kpi.EndToEnd;

public sealed class CoverageTests(ITestOutputHelper output)
{
    private const double Slice = 10;

    private static readonly TimeSpan Alive = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Down = TimeSpan.FromSeconds(25);

    [Fact]
    public async Task The_time_between_a_kill_and_the_restart_is_unknown_and_not_zero()
    {
        using var folder = new KpiFolder();
        var ports = KpiPorts.Free();
        using var stop = new CancellationTokenSource();
        var sender = PersistentSender.OfSpans(new Uri($"http://127.0.0.1:{ports.OtlpHttp}"), seed: 1);
        var sending = sender.RunAsync(stop.Token);

        DateTime first, killed;
        await using (var server = await KpiServer.StartAsync(folder, ports))
        {
            first = DateTime.UtcNow;
            await Task.Delay(Alive);
            Assert.Equal(1.0, (double)(await server.Api.KpiAsync("p99_latency"))["coverage"]!);
            await server.KillAsync();
            killed = DateTime.UtcNow;
        }

        await Task.Delay(Down);
        await using var again = await KpiServer.StartAsync(folder, ports);
        var gap = (DateTime.UtcNow - killed).TotalSeconds;
        await Eventually.HoldsAsync("the sender is heard again", TimeSpan.FromSeconds(20), async () =>
            (double?)(await again.Api.JsonAsync("api/services?window=10s")).AsArray().SingleOrDefault()?["requests"] > 0);
        await stop.CancelAsync();
        await sending;

        var scorecard = await again.Api.JsonAsync("api/scorecard?window=5m");
        var kpi = scorecard["kpis"]!.AsArray().Single(k => (string?)k!["id"] == "p99_latency")!;
        var coverage = (double)kpi["coverage"]!;
        var since = ((DateTimeOffset)scorecard["to"]! - first).TotalSeconds;
        var unknown = (1 - coverage) * since;
        output.WriteLine($"down for {gap:F1} s, unknown {unknown:F1} s of {since:F1} s, coverage {coverage:F3}: {kpi["note"]}");
        Assert.InRange(unknown, gap - Slice, gap + (2 * Slice));
        Assert.Equal("insufficient_data", (string?)kpi["verdicts"]!["1k"]);
        Assert.EndsWith(" of the window was watched", (string?)kpi["note"]);
    }
}
