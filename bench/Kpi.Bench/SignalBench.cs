using System.Diagnostics;

namespace Kpi.Bench;

/// <summary>
/// CPU of the whole server per million items of every signal, fsync on, beside what Google.Protobuf's decode of the same bodies alone
/// takes, on one thread, in the same run. Cases take turns within each round.
/// </summary>
internal static class SignalBench
{
    private const int Rounds = 3;
    private const int BodiesPerRound = 1_500;
    private const int WarmUpBodies = 3_000;
    private const int Parsed = 200;

    private static readonly Case[] Cases =
    [
        new("spans", SignalBodies.Spans, Grpc: true, Gzip: false, InFlight: 16, Goal: 1.0),
        new("spans", SignalBodies.Spans, Grpc: true, Gzip: false, InFlight: 4, Goal: 1.3),
        new("spans", SignalBodies.Spans, Grpc: false, Gzip: false, InFlight: 16, Goal: 0.8),
        new("spans", SignalBodies.Spans, Grpc: false, Gzip: true, InFlight: 16, Goal: 0.8),
        new("number points", SignalBodies.Counters, Grpc: true, Gzip: false, InFlight: 16, Goal: 0.6),
        new("number points", SignalBodies.Counters, Grpc: false, Gzip: false, InFlight: 16, Goal: 0.6),
        new("histograms of 14 bounds", SignalBodies.Histograms, Grpc: true, Gzip: false, InFlight: 16, Goal: 1.5),
        new("histograms of 14 bounds", SignalBodies.Histograms, Grpc: false, Gzip: false, InFlight: 16, Goal: 1.5),
        new("log records", SignalBodies.Logs, Grpc: true, Gzip: false, InFlight: 16, Goal: 0.6),
        new("log records", SignalBodies.Logs, Grpc: false, Gzip: false, InFlight: 16, Goal: 0.6),
    ];

    public static async Task<int> RunAsync()
    {
        var rows = new List<string>();
        foreach (var kind in Cases.GroupBy(c => c.Name))
        {
            using var server = ServerProcess.Kpi();
            await server.ReadyAsync();
            var costs = kind.ToDictionary(c => c, _ => new List<double>());
            var loads = kind.ToDictionary(c => c, c => new SignalLoad(c.Kind, c.Grpc, c.Gzip, c.InFlight, c.Grpc ? server.GrpcPort : server.HttpPort));
            foreach (var load in loads.Values)
            {
                load.Prepare(WarmUpBodies / loads.Count);
                await load.SendAsync();
            }

            var google = new List<double>();
            for (var round = 0; round < Rounds; round++)
            {
                google.Add(Parse(kind.First().Kind(100 + round)));
                foreach (var (of, load) in loads)
                {
                    load.Prepare(BodiesPerRound);
                    var before = server.CpuSeconds;
                    await load.SendAsync();
                    costs[of].Add((server.CpuSeconds - before) * 1e6 / (BodiesPerRound * SignalBodies.ItemsPerBody));
                }
            }

            var bytes = kind.First().Kind(99).Next().Length / SignalBodies.ItemsPerBody;
            rows.AddRange(costs.Select(c =>
                $"| {c.Key.Name} ({bytes} bytes) | {(c.Key.Grpc ? "gRPC" : "HTTP/1.1")}{(c.Key.Gzip ? " gzip" : "")}, {c.Key.InFlight} in flight | {Median(c.Value):f2} | {c.Value.Min():f2}–{c.Value.Max():f2} | {c.Key.Goal:f1} | {Median(google):f2} |"));
            foreach (var load in loads.Values)
            {
                load.Dispose();
            }
        }

        Results.Write("signals", $"""
            Bodies of {SignalBodies.ItemsPerBody} items, {Rounds} rounds of {BodiesPerRound} bodies; number points and histograms are running totals of series that all
            senders know. CPU-seconds of the server process per million items: reading, decoding, identity, journal with fsync, cells, flushes.

            | items | how | median | range | goal | Google.Protobuf's decode alone |
            |---|---|---|---|---|---|
            {string.Join('\n', rows)}
            """);
        return 0;
    }

    // On this thread, which does nothing else: its time is CPU time, but for what others take from it.
    private static double Parse(SignalBodies of)
    {
        byte[][] bodies = [.. Enumerable.Range(0, Parsed).Select(_ => of.Next())];
        using var self = Process.GetCurrentProcess();
        var before = self.TotalProcessorTime;
        foreach (var body in bodies)
        {
            of.Parse(body);
        }

        self.Refresh();
        return (self.TotalProcessorTime - before).TotalSeconds * 1e6 / (Parsed * SignalBodies.ItemsPerBody);
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private sealed record Case(string Name, Func<int, SignalBodies> Kind, bool Grpc, bool Gzip, int InFlight, double Goal);
}
