using Kpi.EndToEnd.Senders;
using Kpi.EndToEnd.Server;

namespace Kpi.EndToEnd;

/// <summary>What nobody meant for it must not touch what somebody did.</summary>
public sealed class GarbageTests(ITestOutputHelper output)
{
    private const int GarbageSenders = 3;
    private const int HangingPerPort = 40;

    // What an idle server may take, and the request bodies that may be under way at once.
    private const long MostResidentBytes = (150L + 512) << 20;

    private static readonly TimeSpan Length = TimeSpan.FromSeconds(12);

    private static readonly string[] EachReason =
    [
        "malformed", "too_large", "unsupported_encoding", "bad_compression", "unsupported_content_type", "unknown_path",
        "unsupported_method", "bad_framing", "aborted",
    ];

    [Fact]
    public async Task Good_data_stays_exact_while_garbage_comes_in_at_every_port()
    {
        await using var server = await KpiServer.StartAsync();
        var garbage = Enumerable.Range(0, GarbageSenders).Select(seed => new GarbageSender(server, seed)).ToList();
        var hanging = await garbage[0].HangAsync(HangingPerPort);
        using var stop = new CancellationTokenSource(Length);
        var noise = garbage.Select(g => Task.Run(() => g.SendUntilAsync(stop.Token))).ToList();
        var most = WatchMemoryAsync(server, stop.Token);
        var overGrpc = Task.Run(() => SendGoodAsync("good-grpc", DotNetSender.Grpc(server.OtlpGrpc), stop.Token));
        var overHttp = Task.Run(() => SendGoodAsync("good-http", DotNetSender.Http(server.OtlpHttp), stop.Token));
        await garbage[0].SendEachAsync();
        await Task.WhenAll(noise);

        foreach (var (service, sent) in new[] { ("good-grpc", await overGrpc), ("good-http", await overHttp) })
        {
            var counted = await server.Api.ServiceAsync(service);
            Assert.Equal(sent, (long?)counted!["requests"]);
            Assert.Equal(0, (long?)counted["errors"]);
            Assert.InRange((double)counted["p99"]!, 0.0198, 0.0202);
            output.WriteLine($"{service}: {sent} spans, all counted");
        }

        var metrics = await server.Api.MetricsAsync();
        Assert.All(EachReason, reason => Assert.True(metrics[$"kpi_requests_refused_total{{reason=\"{reason}\"}}"] > 0, reason));
        Figures.Write(output, $"garbage: {garbage.Sum(g => g.Sent)} pieces in {Length.TotalSeconds} s, {hanging.Count} hanging connections, resident at most {await most / 1048576.0:F0} MB (limit {MostResidentBytes >> 20} MB)");
        Assert.InRange(await most, 0, MostResidentBytes);
        Assert.True(await server.Api.IsReadyAsync());
        hanging.ForEach(h => h.Dispose());
        garbage.ForEach(g => g.Dispose());
    }

    private static async Task<long> SendGoodAsync(string service, OpenTelemetry.Exporter.OtlpExporterOptions options, CancellationToken stop)
    {
        long sent = 0;
        using var sender = DotNetSender.Batching(service, options);
        while (!stop.IsCancellationRequested)
        {
            for (var i = 0; i < 100; i++, sent++)
            {
                sender.Send(SentRequest.Http(200, TimeSpan.FromMilliseconds(20), DateTime.UtcNow));
            }

            sender.Flush();
            await Task.Delay(20, CancellationToken.None);
        }

        return sent;
    }

    private static async Task<long> WatchMemoryAsync(KpiServer server, CancellationToken stop)
    {
        long most = 0;
        while (!stop.IsCancellationRequested)
        {
            most = Math.Max(most, server.Process.ResidentBytes);
            await Task.Delay(50, CancellationToken.None);
        }

        return most;
    }
}
