using System.Diagnostics;
using Kpi.EndToEnd.Senders;
using Kpi.EndToEnd.Server;

namespace Kpi.EndToEnd;

/// <summary>Needs root, as a small disk is mounted.</summary>
public sealed class FullDiskTests(ITestOutputHelper output)
{
    [Fact]
    public async Task A_full_disk_asks_senders_to_come_again_and_goes_on_by_itself_when_there_is_room()
    {
        using var folder = new KpiFolder();
        Directory.CreateDirectory(folder.Data);
        Run("mount", "-t", "tmpfs", "-o", "size=80m", "kpi-test", folder.Data);
        try
        {
            await using var server = await KpiServer.StartAsync(folder);
            using var stop = new CancellationTokenSource();
            var sender = PersistentSender.OfSpans(server.OtlpHttp, seed: 1, spansPerBody: 400);
            var sending = sender.RunAsync(stop.Token);
            await Eventually.HoldsAsync("bodies are taken", TimeSpan.FromSeconds(20), () => Task.FromResult(sender.Bodies > 5));

            var filler = Path.Combine(folder.Data, "filler");
            Fill(filler);
            await Eventually.HoldsAsync("bodies are refused", TimeSpan.FromSeconds(60), () => Task.FromResult(sender.Retries > 3));
            var taken = sender.Bodies;
            File.Delete(filler);
            await Eventually.HoldsAsync("bodies are taken again", TimeSpan.FromSeconds(30), () => Task.FromResult(sender.Bodies > taken + 5));
            await stop.CancelAsync();
            await sending;

            output.WriteLine($"{sender.Bodies} bodies, {sender.Retries} refused");
            Assert.Equal(sender.Acknowledged, await server.Api.RequestsAsync("shop"));
            Assert.True((await server.Api.MetricsAsync())["kpi_requests_refused_total{reason=\"not_durable\"}"] > 0);
            await server.KillAsync();
        }
        finally
        {
            Run("umount", "--lazy", folder.Data);
        }
    }

    private static void Fill(string file)
    {
        using var filler = File.Create(file);
        var block = new byte[1 << 16];
        try
        {
            while (true)
            {
                filler.Write(block);
                filler.Flush();
            }
        }
        catch (IOException)
        {
            // That was the last of it.
        }
    }

    private static void Run(string command, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(command, arguments))!;
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }
}
