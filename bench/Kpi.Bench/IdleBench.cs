using System.Diagnostics;

namespace Kpi.Bench;

/// <summary>Time to ready on an empty folder, and memory when nothing happens.</summary>
internal static class IdleBench
{
    private const int Rounds = 5;

    public static async Task<int> RunAsync()
    {
        var ready = new List<double>();
        var memory = new List<double>();
        for (var round = 0; round < Rounds; round++)
        {
            var watch = Stopwatch.StartNew();
            using var server = ServerProcess.Kpi();
            using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{server.PagePort}") };
            while (!await IsReadyAsync(client))
            {
                await Task.Delay(5);
            }

            ready.Add(watch.Elapsed.TotalSeconds);
            await client.GetStringAsync("/");
            await client.GetStringAsync("/api/scorecard");
            await Task.Delay(TimeSpan.FromSeconds(12));
            memory.Add(server.ResidentMegabytes);
        }

        Results.Write("idle", $"""
            {Rounds} starts on an empty folder; memory after the page and a scorecard were asked for once and 12 s had passed.

            | what | median | range |
            |---|---|---|
            | process start to ready, s | {ready.Order().ElementAt(Rounds / 2):f2} | {ready.Min():f2}–{ready.Max():f2} |
            | resident memory, MB | {memory.Order().ElementAt(Rounds / 2):f0} | {memory.Min():f0}–{memory.Max():f0} |
            """);
        return 0;
    }

    private static async Task<bool> IsReadyAsync(HttpClient client)
    {
        try
        {
            using var answer = await client.GetAsync("/readyz");
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
