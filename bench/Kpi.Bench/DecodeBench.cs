using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.NoEmit;
using Kpi.Collector.Otlp.Traces;
using Kpi.Rollups;
using Kpi.Rollups.Identity;
using Kpi.Rollups.Lanes;
using Kpi.Rollups.Store;
using Kpi.Rollups.Time;
using Kpi.Testing;
using Kpi.Witness;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kpi.Bench;

/// <summary>
/// Decode, validation, identity and sketch of 512-span bodies over 1,000 series, on one thread, against Google.Protobuf's decode
/// alone. An operation is <see cref="Bodies"/> bodies: enough that neither bodies nor cells sit in the first cache.
/// </summary>
[MemoryDiagnoser]
public class DecodeBench
{
    private const int Bodies = 64;
    private const int SpansPerBody = 512;
    private const int Series = 1_000;

    private readonly SampleBatch batch = new();
    private readonly UnixNanos now = UnixNanos.Now(TimeProvider.System);
    private byte[][] bodies = [];
    private TraceDecoder? decoder;
    private LaneCells? cells;

    internal static int Run()
    {
        var config = ManualConfig.Create(DefaultConfig.Instance)
            .AddJob(Job.Default.WithToolchain(InProcessNoEmitToolchain.Instance).WithWarmupCount(5).WithIterationCount(15))
            .WithArtifactsPath(Path.Combine(Path.GetTempPath(), "kpi-bench"));
        var summary = BenchmarkRunner.Run<DecodeBench>(config);
        var ours = summary.Reports.Single(r => r.BenchmarkCase.Descriptor.WorkloadMethod.Name == nameof(Kpi)).ResultStatistics!;
        var google = summary.Reports.Single(r => r.BenchmarkCase.Descriptor.WorkloadMethod.Name == nameof(GoogleDecode)).ResultStatistics!;
        const double Spans = Bodies * SpansPerBody;
        Results.Write("decode", $"""
            512-span bodies of {new SpanBodies(Series).Make(SpansPerBody, UnixNanos.Now(TimeProvider.System).Value).Length / SpansPerBody} bytes per span, {Series} series, one thread.

            | what | spans/s, median | ns per span | ratio |
            |---|---|---|---|
            | Kpi: decode + validation + identity + sketch | {Spans / ours.Median * 1e9:n0} | {ours.Median / Spans:f0} | 1 |
            | Google.Protobuf: decode alone | {Spans / google.Median * 1e9:n0} | {google.Median / Spans:f0} | {google.Median / ours.Median:f2} |
            """);
        return 0;
    }

    [GlobalSetup]
    public async Task SetUp()
    {
        var maker = new SpanBodies(Series);
        bodies = [.. Enumerable.Range(0, Bodies).Select(_ => maker.Make(SpansPerBody, now.Value))];
        var folder = Directory.CreateTempSubdirectory("kpi-bench");
        var store = SqliteRollupStore.Open(Path.Combine(folder.FullName, "rollups.db"));
        var rollup = await Rollup.OpenAsync(store, new RollupLimits(), Guid.NewGuid(), TimeProvider.System, NullLoggerFactory.Instance, default);

        // The edges of the shipped KPIs for this metric, so that the exact counts are paid for too.
        var edges = Rollups.Cells.EdgeSet.Of([0.1, 0.15, 0.2]);
        rollup.Catalog.DeclareEdges(_ => edges);
        decoder = new TraceDecoder(rollup);
        cells = new LaneCells(rollup.Catalog, lane: 0, lanes: 1, rollup.Intake);
    }

    [Benchmark(Baseline = true)]
    public int Kpi()
    {
        var spans = 0;
        foreach (var body in bodies)
        {
            batch.Clear();
            if (!decoder!.TryDecode(body, now, batch, out var tally) || tally.Rejected != 0)
            {
                throw new InvalidOperationException("a body of ours was refused");
            }

            cells!.Apply(batch);
            spans += batch.Durations.Length;
        }

        return spans;
    }

    [Benchmark]
    public int GoogleDecode()
    {
        var spans = 0;
        foreach (var body in bodies)
        {
            spans += ExportTraceServiceRequest.Parser.ParseFrom(body).ResourceSpans[0].ScopeSpans[0].Spans.Count;
        }

        return spans;
    }
}
