using System.Diagnostics;
using Kpi.Collector.Otlp;
using Kpi.Rollups;
using Kpi.Rollups.Identity;
using Kpi.Rollups.Lanes;
using Kpi.Rollups.Store;
using Kpi.Rollups.Time;
using Kpi.Testing;
using Microsoft.Extensions.Logging.Abstractions;

var now = UnixNanos.Now(TimeProvider.System);
var bodies = new SpanBodies(1000);
var all = Enumerable.Range(0, 64).Select(_ => bodies.Make(512, now.Value)).ToArray();
Console.WriteLine($"bytes per span {all.Average(b => b.Length) / 512:f0}");
var db = Path.GetTempFileName();
await using var rollup = await Rollup.OpenAsync(SqliteRollupStore.Open(db), new RollupLimits(), Guid.NewGuid(), TimeProvider.System, NullLoggerFactory.Instance, default);
var decoder = new TraceDecoder(rollup);
var batch = new SampleBatch();
var cells = new LaneCells(rollup.Catalog, 0, 1);
for (var round = 0; round < 8; round++)
{
    var watch = Stopwatch.StartNew();
    var spans = 0;
    long a0 = GC.GetTotalAllocatedBytes(true);
    for (var i = 0; i < 20; i++)
    {
        foreach (var body in all)
        {
            batch.Clear();
            if (!decoder.TryDecode(body, now, batch, out var tally)) throw new InvalidOperationException("malformed");
            if (tally.Rejected != 0) throw new InvalidOperationException(tally.Describe());
            cells.Apply(batch);
            spans += batch.Durations.Length;
        }
    }
    watch.Stop();
    Console.WriteLine($"{spans / watch.Elapsed.TotalSeconds:n0} spans/s, {watch.Elapsed.TotalNanoseconds / spans:f0} ns/span, {(GC.GetTotalAllocatedBytes(true)-a0)/(double)spans:f3} B/span");
}
