using System.Globalization;
using Kpi.EndToEnd.Answers;
using Kpi.EndToEnd.Senders;
using Kpi.EndToEnd.Server;

namespace Kpi.EndToEnd;

public sealed class KillTests(ITestOutputHelper output)
{
    // As many as a test run has time for; ./kpi bench journal asks for 200.
    private static readonly int Kills = int.Parse(Environment.GetEnvironmentVariable("KPI_TEST_KILLS") ?? "20", CultureInfo.InvariantCulture);

    [Fact]
    public async Task Whoever_sends_until_it_is_acknowledged_is_counted_exactly_across_all_kills()
    {
        using var folder = new KpiFolder();
        var ports = KpiPorts.Free();
        using var stop = new CancellationTokenSource();
        var address = new Uri($"http://127.0.0.1:{ports.OtlpHttp}");
        PersistentSender[] senders =
        [
            PersistentSender.OfSpans(address, seed: 1), PersistentSender.OfSpans(address, seed: 2),
            PersistentSender.OfDeltas(address), PersistentSender.OfTotals(address),
        ];
        var sending = senders.Select(s => s.RunAsync(stop.Token)).ToArray();

        var chance = new Random(20_261_122);
        for (var kill = 0; kill < Kills; kill++)
        {
            await using var server = await KpiServer.StartAsync(folder, ports);
            await Task.Delay(chance.Next(30, 2_500));
            await server.KillAsync();
        }

        await using var last = await KpiServer.StartAsync(folder, ports);
        await stop.CancelAsync();
        await Task.WhenAll(sending);
        output.WriteLine(string.Join("; ", senders.Select(s => $"{s.Name}: {s.Acknowledged} in {s.Bodies} bodies, {s.Retries} sent again")));
        Assert.All(senders, s => Assert.True(s.Bodies > 20 && s.Retries > 0, $"{s.Name}: {s.Bodies} bodies, {s.Retries} retries"));

        Assert.Equal(senders[0].Acknowledged + senders[1].Acknowledged, (long?)(await last.Api.ServiceAsync("shop", "1h"))!["requests"]);
        Assert.Equal(senders[2].Acknowledged, await IncreaseAsync(last.Api, PersistentSender.DeltaMetric));
        Assert.Equal(senders[3].Acknowledged, await IncreaseAsync(last.Api, PersistentSender.TotalMetric));
    }

    private static async Task<double> IncreaseAsync(KpiApi api, string metric) =>
        (await api.SeriesAsync($"{{\"{metric}\"}}", "1h")).Sum(s => (double)s!["increase"]!);
}
