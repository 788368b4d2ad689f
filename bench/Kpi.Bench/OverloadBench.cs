namespace Kpi.Bench;

/// <summary>
/// Ten times as many senders as keep the server busy, for a minute, over both protocols at once, which come again far too early when
/// they are refused: what the server takes, what memory it needs, and how soon it is itself again.
/// </summary>
internal static class OverloadBench
{
    // As many as keep two cores busy; more in flight takes no more.
    private const int UsualSenders = 8;
    private const int Times = 10;

    // Of this run: room for twelve bodies, so that most of the senders find none.
    private const long MostBytesInFlight = 3L << 20;

    // What the process has besides bodies: runtime, cells, queues, Kestrel's blocks.
    private const double MostOtherMegabytes = 448;

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Usual = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Overload = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan MostRecovery = TimeSpan.FromSeconds(5);

    public static async Task<int> RunAsync()
    {
        using var server = ServerProcess.Kpi(settings: [new("KPI__Collector__MaxBytesInFlight", $"{MostBytesInFlight}")]);
        await server.ReadyAsync();
        using var swarm = new Swarm(server);
        await swarm.RunAsync(UsualSenders, WarmUp);
        var (calm, quietMegabytes) = (await swarm.CalmAsync(), server.ResidentMegabytes);

        var (usual, usualCost) = await MeasureAsync(UsualSenders, Usual);
        using var watch = new MemoryWatch(server);
        var (over, overCost) = await MeasureAsync(Times * UsualSenders, Overload);
        var most = await watch.StopAsync();
        var recovery = await swarm.RecoveryAsync(2 * calm);

        var bound = (MostBytesInFlight / 1048576.0) + MostOtherMegabytes;
        var kept = over.TakenPerSecond / usual.TakenPerSecond;
        (string What, string Aim, string Measured, bool Holds)[] rows =
        [
            ("memory, resident, at most", $"{bound:f0} MB", $"{most:f0} MB ({quietMegabytes:f0} before)", most <= bound),
            ("bodies taken per second, against the usual load", "not fewer (0.9)", $"{over.TakenPerSecond:f0} against {usual.TakenPerSecond:f0}: {kept:f2}", kept >= 0.9),
            ("p99 of a lone sender within twice of before, after", $"{MostRecovery.TotalSeconds:f0} s", $"{recovery.TotalSeconds:f1} s (before: {calm:f1} ms)", recovery <= MostRecovery),
            ("answers that were neither taken nor retryable", "0", $"{usual.Wrong + over.Wrong}", usual.Wrong + over.Wrong == 0),
        ];
        Results.Write("overload", $"""
            {UsualSenders} senders keep the server busy for {Usual.TotalSeconds:f0} s, then {Times * UsualSenders} for {Overload.TotalSeconds:f0} s, half over gRPC and half over HTTP/1.1, bodies of
            {Load.SpansPerBody} spans ({swarm.BodyBytes / 1000} KB), no two alike. A refused sender sends its next body after {Swarm.Impatience.TotalSeconds:f1} s; it is told 2 to 4.
            Budget of bytes in flight: {MostBytesInFlight >> 20} MiB. The load generator runs on the same {Environment.ProcessorCount} cores.

            | | aim | measured | |
            |---|---|---|---|
            {string.Join('\n', rows.Select(r => $"| {r.What} | {r.Aim} | {r.Measured} | {(r.Holds ? "holds" : "**missed**")} |"))}

            CPU of the server alone per body taken, refusals included: {overCost:f2} ms in the overload, {usualCost:f2} ms before. What else
            the two cores do, the load generator first of all, takes from what is taken per second.

            In the overload: {over.Sent} requests, {over.Taken} taken, {over.Refused} asked to come again (usual load: {usual.Sent}, {usual.Taken}, {usual.Refused}).
            """);
        return rows.All(r => r.Holds) ? 0 : 1;

        async Task<(SwarmCount Count, double CpuMilliseconds)> MeasureAsync(int senders, TimeSpan length)
        {
            var before = server.CpuSeconds;
            var count = await swarm.RunAsync(senders, length);
            return (count, (server.CpuSeconds - before) * 1_000 / count.Taken);
        }
    }

    /// <summary>Looks at a server's memory ten times a second.</summary>
    private sealed class MemoryWatch : IDisposable
    {
        private readonly CancellationTokenSource stop = new();
        private readonly Task<double> looking;

        public MemoryWatch(ServerProcess server) => looking = LookAsync(server);

        public async Task<double> StopAsync()
        {
            await stop.CancelAsync();
            return await looking;
        }

        public void Dispose() => stop.Dispose();

        private async Task<double> LookAsync(ServerProcess server)
        {
            var most = 0.0;
            while (!stop.IsCancellationRequested)
            {
                most = Math.Max(most, server.ResidentMegabytes);
                await Task.Delay(100, CancellationToken.None);
            }

            return most;
        }
    }
}
