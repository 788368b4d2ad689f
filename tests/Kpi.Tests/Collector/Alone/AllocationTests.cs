using System.Diagnostics;
using Kpi.Collector.Otlp.Traces;
using Kpi.Rollups;
using Kpi.Rollups.Identity;
using Kpi.Rollups.Intake;
using Kpi.Rollups.Lanes;
using Kpi.Rollups.Store;
using Kpi.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit.Abstractions;

namespace Kpi.Tests.Collector.Alone;

[Collection(RunsAlone.Name)]
public sealed class AllocationTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const int Series = 1_000;
    private const int SpansPerBody = 2_000;
    private const int Bodies = 50;
    private const int Rounds = 50;
    private const long Spans = (long)SpansPerBody * Bodies * Rounds;

    // The decoding thread allocates exactly nothing. The rest of the process, the lane's thread among it, runs beside the test's host,
    // timers and the thread pool, which were seen at 4 to 74 KB. What they do is not in every run; what we allocated would be: so the
    // smallest of three runs counts. One object a body would already be 60 KB, one a span 120 MB.
    private const long MostBytes = Spans / 250;
    private const int Runs = 3;

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("kpi-allocation-");
    private Rollup rollup = null!;

    public async Task InitializeAsync() => rollup = await Rollup.OpenAsync(
        SqliteRollupStore.Open(Path.Combine(folder.FullName, "rollups.db")), new RollupLimits(), Guid.NewGuid(), TimeProvider.System, NullLoggerFactory.Instance, CancellationToken.None);

    public async Task DisposeAsync()
    {
        await rollup.DisposeAsync();
        folder.Delete(recursive: true);
    }

    [Fact]
    public void Five_million_spans_of_known_series_allocate_nothing_from_body_to_cell()
    {
        var decoder = new TraceDecoder(rollup);
        var batches = new SampleBatchPool();
        var make = new SpanBodies(Series);
        var bodies = Enumerable.Range(0, Bodies).Select(_ => make.Make(SpansPerBody, (long)TestSpans.End)).ToArray();

        // Series, cells, batches and the code's last tier come into being.
        for (var round = 0; round < 10; round++)
        {
            Take(decoder, batches, bodies);
        }

        Assert.InRange(Enumerable.Range(0, Runs).Min(_ => AllocatedBy(decoder, batches, bodies)), 0, MostBytes);
    }

    private long AllocatedBy(TraceDecoder decoder, SampleBatchPool batches, byte[][] bodies)
    {
        Settle();
        var allocated = GC.GetTotalAllocatedBytes(precise: true);
        var here = GC.GetAllocatedBytesForCurrentThread();
        var started = Stopwatch.GetTimestamp();
        var taken = 0L;
        for (var round = 0; round < Rounds; round++)
        {
            taken += Take(decoder, batches, bodies);
        }

        here = GC.GetAllocatedBytesForCurrentThread() - here;
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        allocated = GC.GetTotalAllocatedBytes(precise: true) - allocated;
        output.WriteLine($"{taken} spans, {here} bytes allocated here, {allocated} in all, {taken / seconds:N0} spans/s");
        Assert.Equal(Spans, taken);
        Assert.Equal(0, here);
        return allocated;
    }

    private long Take(TraceDecoder decoder, SampleBatchPool batches, byte[][] bodies)
    {
        var taken = 0L;
        foreach (var body in bodies)
        {
            var batch = batches.Rent();
            if (!decoder.TryDecode(body, TestSpans.Receipt, batch, out var tally) || !rollup.Lanes.TryPost(batch))
            {
                throw new InvalidOperationException("a good body was refused");
            }

            var applied = batch.Applied;
            while (!applied.IsCompleted)
            {
                Thread.Yield();
            }

            applied.GetAwaiter().GetResult();
            taken += batch.Durations.Length;
            tally.AddTo(rollup.Intake, TelemetrySignal.Traces, TestSpans.Receipt.Value);
            batches.Return(batch);
        }

        return taken;
    }

    // Waits until nothing else in the process allocates: what earlier tests left has ended.
    private static void Settle()
    {
        for (int quiet = 0, looks = 0; quiet < 5 && looks < 100; looks++)
        {
            var before = GC.GetTotalAllocatedBytes(precise: true);
            Thread.Sleep(20);
            quiet = GC.GetTotalAllocatedBytes(precise: true) - before < 2_000 ? quiet + 1 : 0;
        }
    }
}
