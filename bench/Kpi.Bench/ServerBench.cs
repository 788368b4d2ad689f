namespace Kpi.Bench;

/// <summary>
/// CPU of the whole server per million spans, over gRPC and HTTP/1.1, against a Kestrel that merely reads and one that decodes
/// with Google.Protobuf. The servers take turns within each round, so that noise of the machine hits all alike.
/// </summary>
internal static class ServerBench
{
    private const int Rounds = 5;
    private const int BodiesPerRound = 1_500;

    // Until the runtime has compiled the hot path for good: a server runs for months, not for its first second.
    private const int WarmUpBodies = 4_000;

    public static async Task<int> RunAsync()
    {
        var rows = new List<string>();
        var bytes = 0;
        foreach (var grpc in (bool[])[true, false])
        {
            using var read = ServerProcess.Baseline("read");
            using var google = ServerProcess.Baseline("google");
            using var kpi = ServerProcess.Kpi();
            (string Name, ServerProcess Server)[] servers = [("Kestrel, merely reading", read), ("Kestrel + Google.Protobuf decode", google), ("Kpi", kpi)];
            var costs = servers.ToDictionary(s => s.Name, _ => new List<double>());
            var loads = servers.ToDictionary(s => s.Name, s => new Load(grpc, grpc ? s.Server.GrpcPort : s.Server.HttpPort));
            foreach (var (name, server) in servers)
            {
                await server.ReadyAsync();
                await loads[name].SendAsync(WarmUpBodies);
            }

            for (var round = 0; round < Rounds; round++)
            {
                foreach (var (name, server) in servers)
                {
                    var before = server.CpuSeconds;
                    await loads[name].SendAsync(BodiesPerRound);
                    costs[name].Add((server.CpuSeconds - before) * 1e6 / (BodiesPerRound * Load.SpansPerBody));
                }
            }

            var own = Median(costs["Kpi"]);
            bytes = loads["Kpi"].BodyBytes;
            rows.AddRange(costs.Select(c =>
                $"| {(grpc ? "gRPC (h2c)" : "HTTP/1.1")} | {c.Key} | {Median(c.Value):f2} | {c.Value.Min():f2}–{c.Value.Max():f2} | {Median(c.Value) / own:f2} |"));
            foreach (var load in loads.Values)
            {
                load.Dispose();
            }
        }

        Results.Write("server", $"""
            Bodies of {Load.SpansPerBody} spans, {bytes / 1000} KB, 16 in flight, {Rounds} rounds of {BodiesPerRound} bodies. CPU of the server process alone.

            | protocol | server | CPU-seconds per million spans, median | range | relative to Kpi |
            |---|---|---|---|---|
            {string.Join('\n', rows)}
            """);
        return 0;
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
