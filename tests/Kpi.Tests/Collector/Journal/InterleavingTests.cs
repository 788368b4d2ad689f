using Google.Protobuf;
using Kpi.Rollups.Cells;
using Kpi.Rollups.Identity;
using Kpi.Rollups.Reading;
using Kpi.Rollups.Time;
using Kpi.Witness;

namespace Kpi.Tests.Collector.Journal;

/// <summary>Bodies live, late, sent again, flushed at any time, counted again after crashes: the cells are those of the bodies, each once.</summary>
public sealed class InterleavingTests
{
    private const long Second = 1_000_000_000;

    private static readonly long Begun = UnixNanos.Now(TimeProvider.System).Value;

    [Fact]
    public async Task Whatever_the_order_of_bodies_flushes_and_crashes_the_cells_are_those_of_the_bodies()
    {
        for (var seed = 0; seed < 8; seed++)
        {
            var chance = new Random(seed);
            var expected = new Dictionary<(string, int), decimal>();
            var sent = new List<(string Path, byte[] Body)>();
            var bed = await ServerBed.StartAsync();
            try
            {
                long total = 0;
                for (var step = 0; step < 60; step++)
                {
                    switch (chance.Next(10))
                    {
                        case 0:
                            await bed.Rollup.Flusher.FlushAsync(CancellationToken.None);
                            break;
                        case 1 when step % 3 == 0:
                            var next = await bed.AfterCrashAsync();
                            await bed.DisposeAsync();
                            bed = next;
                            break;
                        case 2 when sent.Count > 0:
                            var again = sent[chance.Next(sent.Count)];
                            Assert.Equal(200, (await bed.PostAsync(again.Body, path: again.Path)).Code);
                            break;
                        default:
                            sent.Add(Make(chance, step, expected, ref total));
                            Assert.Equal(200, (await bed.PostAsync(sent[^1].Body, path: sent[^1].Path)).Code);
                            break;
                    }
                }

                Assert.Equal(Sorted(expected), Sorted(await CellsAsync(bed)));
            }
            finally
            {
                await bed.DisposeAsync();
            }
        }
    }

    private static (string Path, byte[] Body) Make(Random chance, int step, Dictionary<(string, int), decimal> expected, ref long total)
    {
        // Late by up to two days, but for the running total, whose own points come in the order of their times.
        var time = Begun - chance.Next(3) switch { 0 => chance.NextInt64(2 * 86_400 * Second), _ => chance.NextInt64(60 * Second) };
        switch (chance.Next(3))
        {
            case 0:
                var span = TestSpans.Get();
                span.EndTimeUnixNano = (ulong)time;
                span.StartTimeUnixNano = (ulong)(time - (5_000 * (step + 1)));
                Count("http.server.request.duration", time, 1);
                return ("/v1/traces", TestSpans.Request(span).ToByteArray());
            case 1:
                Count("app.deltas", time, step + 1);
                return ("/v1/metrics", Point("app.deltas", AggregationTemporality.TemporalityDelta, time - Second, time, step + 1));
            default:
                var at = Begun - (120 * Second) + (step * Second);
                total += step;
                Count("app.totals", at, step);
                return ("/v1/metrics", Point("app.totals", AggregationTemporality.TemporalityCumulative, Begun - (200 * Second), at, total));
        }

        void Count(string metric, long when, decimal by)
        {
            var key = (metric, Slice.Of(new UnixNanos(when)).Number);
            expected[key] = expected.GetValueOrDefault(key) + by;
        }
    }

    private static byte[] Point(string metric, AggregationTemporality temporality, long start, long time, long value) =>
        TestPoints.Request(TestPoints.Counter(
            metric, temporality, new NumberDataPoint { AsInt = value, StartTimeUnixNano = (ulong)start, TimeUnixNano = (ulong)time })).ToByteArray();

    private static async Task<Dictionary<(string, int), decimal>> CellsAsync(ServerBed bed)
    {
        var cells = new Cells();
        var last = Slice.Of(new UnixNanos(Begun));
        await bed.Rollup.Reader.ReadAsync(new SliceRange(last.Plus(-3 * 8_640), last.Plus(60)), cells, cells, CancellationToken.None);
        return cells.Sums;
    }

    private static IEnumerable<string> Sorted(Dictionary<(string Metric, int Slice), decimal> sums) =>
        sums.Where(s => s.Value != 0).Select(s => $"{s.Key.Metric} {s.Key.Slice} {s.Value}").Order(StringComparer.Ordinal);

    private sealed class Cells : ICellVisitor
    {
        public Dictionary<(string, int), decimal> Sums { get; } = [];

        public bool Wants(Series series) => true;

        public void Visit(Series series, SliceRange span, DistributionCell cell) => Add(series, span, cell.Count);

        public void Visit(Series series, SliceRange span, CounterCell cell) => Add(series, span, (decimal)cell.Increase.ToDouble());

        private void Add(Series series, SliceRange span, decimal by)
        {
            Assert.Equal(span.First, span.Last);
            var key = (series.Name, span.First.Number);
            Sums[key] = Sums.GetValueOrDefault(key) + by;
        }
    }
}
