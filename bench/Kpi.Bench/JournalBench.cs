using System.Diagnostics;

namespace Kpi.Bench;

/// <summary>
/// What the promise costs: CPU per million spans and time per request with the journal synced, written only, and not written at all,
/// the servers taking turns; and how long a start takes that must count a gigabyte again.
/// </summary>
internal static class JournalBench
{
    private const int Rounds = 5;
    private const int BodiesPerRound = 1_500;
    private const int WarmUpBodies = 4_000;
    private const int TimedBodies = 1_000;

    private static readonly string[] Modes = ["none", "os", "fsync"];

    public static async Task<int> RunAsync()
    {
        var costs = Modes.ToDictionary(m => m, _ => new List<double>());
        var times = Modes.ToDictionary(m => m, _ => new List<double>());
        var servers = Modes.ToDictionary(m => m, m => ServerProcess.Kpi(m));
        var loads = Modes.ToDictionary(m => m, m => new Load(grpc: false, servers[m].HttpPort));
        foreach (var mode in Modes)
        {
            await servers[mode].ReadyAsync();
            await loads[mode].SendAsync(WarmUpBodies);
        }

        for (var round = 0; round < Rounds; round++)
        {
            foreach (var mode in Modes)
            {
                var before = servers[mode].CpuSeconds;
                await loads[mode].SendAsync(BodiesPerRound);
                costs[mode].Add((servers[mode].CpuSeconds - before) * 1e6 / (BodiesPerRound * Load.SpansPerBody));
                times[mode].AddRange(await loads[mode].TimesAsync(TimedBodies));
            }
        }

        var bytes = loads["fsync"].BodyBytes;
        foreach (var mode in Modes)
        {
            loads[mode].Dispose();
            servers[mode].Dispose();
        }

        var (replayed, seconds) = await ReplayAsync();
        Results.Write("journal", $"""
            HTTP/1.1, bodies of {Load.SpansPerBody} spans, {bytes / 1000} KB; CPU of the server process with 16 in flight, {Rounds} rounds of {BodiesPerRound}; time of a request with one in flight, {Rounds} × {TimedBodies}.

            | durability | CPU-seconds per million spans, median | range | request p50 / p99 / worst, ms |
            |---|---|---|---|
            {string.Join('\n', Modes.Select(m => $"| {m} | {Cpu.Median(costs[m]):f2} | {costs[m].Min():f2}–{costs[m].Max():f2} | {At(times[m], 0.5):f1} / {At(times[m], 0.99):f1} / {times[m].Max():f1} |"))}

            fsync over none: {Cpu.Median(costs["fsync"]) - Cpu.Median(costs["none"]):f2} CPU-seconds per million spans (at most 0.35 asked for), {At(times["fsync"], 0.99) - At(times["none"], 0.99):f1} ms at p99 (under 10 asked for).

            A start that counts {replayed / 1e9:f2} GB of journal again, from the start of the process to open ports: {seconds:f1} s (under 10 s a GB asked for).
            """);
        return 0;
    }

    // The store is thrown away, so that all of the journal is behind the last flush.
    private static async Task<(double Bytes, double Seconds)> ReplayAsync()
    {
        var first = ServerProcess.Kpi();
        await first.ReadyAsync();
        int bodies;
        double bytes;
        using (var load = new Load(grpc: false, first.HttpPort))
        {
            bodies = (int)(1e9 / load.BodyBytes);
            bytes = (double)bodies * load.BodyBytes;
            await load.SendAsync(bodies);
        }

        var data = first.Crash();
        foreach (var file in data.EnumerateFiles("rollups.db*"))
        {
            file.Delete();
        }

        var started = Stopwatch.GetTimestamp();
        using var second = ServerProcess.Kpi(over: data);
        await second.ReadyAsync(TimeSpan.FromMinutes(2));
        return (bytes, Stopwatch.GetElapsedTime(started).TotalSeconds);
    }

    private static double At(List<double> times, double share) => times.Order().ElementAt((int)(times.Count * share));
}
