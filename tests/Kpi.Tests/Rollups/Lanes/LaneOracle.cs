using Kpi.Rollups.Cells;
using Kpi.Rollups.Identity;
using Kpi.Rollups.Intake;
using Kpi.Rollups.Lanes;
using Kpi.Rollups.Reading;
using Kpi.Rollups.Time;
using Kpi.Tests.Rollups.Reading;

namespace Kpi.Tests.Rollups.Lanes;

/// <summary>Lanes under random work, beside a plain list of every sample and the flush that took it.</summary>
internal sealed class LaneOracle
{
    private const long Open = long.MaxValue;
    private const int Series = 12;
    private const int Slices = 6;

    private static readonly EdgeSet[] EdgeSets = [EdgeSet.None, EdgeSet.Of([0.1, 0.5]), EdgeSet.Of([0.25])];

    private readonly SeriesCatalog catalog = new(new RollupLimits());
    private readonly LaneCells[] lanes;
    private readonly Random random;
    private readonly List<(DurationSample Sample, long Flush)> durations = [];
    private readonly List<(CounterSample Sample, long Flush)> counters = [];
    private long drained;
    private long committed;

    public LaneOracle(int lanes, int seed)
    {
        random = new Random(seed);
        this.lanes = [.. Enumerable.Range(0, lanes).Select(i => new LaneCells(catalog, i, lanes, new IntakeTally()))];
        for (var i = 0; i < Series; i++)
        {
            catalog.GetOrAdd(SeriesKind.Distribution, "s", Labels.Of(("s", i.ToString("d2", null))), out _);
        }
    }

    public void Run(int steps)
    {
        for (var step = 0; step < steps; step++)
        {
            switch (random.Next(10))
            {
                case < 5:
                    Apply();
                    break;
                case 5:
                    catalog.DeclareEdges(PickEdges());
                    break;
                case 6:
                    Drain();
                    break;
                case 7:
                    Discard();
                    break;
                default:
                    Visit();
                    break;
            }
        }

        Drain();
        Visit();
        committed = drained;
        Discard();
        Visit();
        Assert.All(lanes, l => Assert.Equal(0, l.UncommittedBytes));
    }

    private Func<Series, EdgeSet> PickEdges()
    {
        var shift = random.Next(3);
        return s => EdgeSets[(s.Labels["s"]![1] + shift) % EdgeSets.Length];
    }

    private void Apply()
    {
        var batch = new SampleBatch();
        for (var i = random.Next(40); i > 0; i--)
        {
            var nanos = random.Next(8) switch { 0 => -1, 1 => 0, 2 => 100_000_000, _ => random.NextInt64(1L << random.Next(1, 40)) };
            var sample = new DurationSample(nanos, random.Next(Series), random.Next(Slices), DurationSample.One * (ulong)random.Next(1, 4));
            batch.Add(sample);
            durations.Add((sample, Open));
        }

        for (var i = random.Next(10); i > 0; i--)
        {
            var at = random.Next(1, 100);
            var sample = CounterSample.Increase(random.Next(Series), default, new UnixNanos(new Slice(random.Next(Slices)).Plus(-1).End.Value + at), random.Next(1_000));
            batch.Add(sample);
            counters.Add((sample, Open));
        }

        foreach (var lane in lanes)
        {
            lane.Apply(batch);
        }
    }

    private void Drain()
    {
        drained++;
        var totals = new CellTotals();
        foreach (var lane in lanes)
        {
            var taken = lane.Drain(drained);
            Assert.Equal(drained, taken.Flush);
            foreach (var cell in taken.Distributions)
            {
                totals.Visit(cell.Series.Identity, new Slice(cell.Slice), cell.Cell);
            }

            foreach (var (key, cell) in taken.Counters)
            {
                totals.Visit(catalog[key.Slot].Identity, new Slice(key.Slice), cell);
            }
        }

        for (var i = 0; i < durations.Count; i++)
        {
            durations[i] = durations[i].Flush == Open ? (durations[i].Sample, drained) : durations[i];
        }

        for (var i = 0; i < counters.Count; i++)
        {
            counters[i] = counters[i].Flush == Open ? (counters[i].Sample, drained) : counters[i];
        }

        Check(totals, flush => flush == drained, new SliceRange(new Slice(0), new Slice(Slices)), _ => true);
    }

    private void Discard()
    {
        committed = Math.Max(committed, random.NextInt64(committed, drained + 1));
        foreach (var lane in lanes)
        {
            lane.Discard(committed);
        }

        durations.RemoveAll(d => d.Flush <= committed);
        counters.RemoveAll(c => c.Flush <= committed);
    }

    private void Visit()
    {
        var seen = random.NextInt64(committed, drained + 1);
        var first = random.Next(Slices);
        var range = new SliceRange(new Slice(first), new Slice(random.Next(first, Slices)));
        var odd = random.Next(3);
        bool Wants(Series s) => odd == 2 || s.Labels["s"]![1] % 2 == odd;
        var totals = new CellTotals(Wants);
        foreach (var lane in lanes)
        {
            lane.Visit(range, seen, totals);
        }

        Check(totals, flush => flush > seen, range, Wants);
    }

    private void Check(CellTotals totals, Func<long, bool> taken, SliceRange range, Func<Series, bool> wants)
    {
        bool Counts(int slot, int slice) => range.Contains(new Slice(slice)) && wants(catalog[slot].Identity);
        var expected = durations.Where(d => taken(d.Flush) && Counts(d.Sample.Slot, d.Sample.Slice))
            .GroupBy(d => (catalog[d.Sample.Slot].Identity.Labels.ToString(), d.Sample.Slice), d => d.Sample).ToArray();
        Assert.Equal(expected.Select(e => e.Key).Order(), totals.Distributions.Keys.Order());
        foreach (var group in expected)
        {
            CheckOne(totals.Distributions[group.Key], [.. group]);
        }

        var counted = counters.Where(c => taken(c.Flush) && Counts(c.Sample.Slot, Slice.Of(c.Sample.Time).Number))
            .GroupBy(c => (catalog[c.Sample.Slot].Identity.Labels.ToString(), Slice.Of(c.Sample.Time).Number), c => CellOf(c.Sample))
            .ToDictionary(g => g.Key, g => g.Aggregate((sum, c) => sum + c));
        Assert.Equal(counted.OrderBy(c => c.Key), totals.Counters.OrderBy(c => c.Key));
    }

    private static CounterCell CellOf(CounterSample sample)
    {
        var offset = sample.Time.Value - Slice.Of(sample.Time).Plus(-1).End.Value;
        return new CounterCell(sample.Value, 1, offset, offset, double.NaN, false);
    }

    private static void CheckOne(Distribution sum, DurationSample[] samples)
    {
        DurationSample[] valued = [.. samples.Where(s => s.Nanos >= 0)];
        Assert.Equal(samples.Sum(Events), sum.Count);
        Assert.Equal(samples.Length, sum.Observed);
        Assert.Equal(samples.Where(s => s.Nanos < 0).Sum(Events), sum.Valueless);
        Assert.Equal(valued.Sum(s => s.Nanos * Events(s)), (long)sum.Sum.Nanos);
        Assert.Equal(valued.Length == 0 ? double.PositiveInfinity : valued.Min(s => s.Nanos) / 1e9, sum.Min);
        Assert.Equal(valued.Length == 0 ? double.NegativeInfinity : valued.Max(s => s.Nanos) / 1e9, sum.Max);
        foreach (var edge in (double[])[0.1, 0.25, 0.5, 1])
        {
            var (low, high) = sum.CountAtMost(edge);
            Assert.InRange(valued.Where(s => s.Nanos / 1e9 <= edge).Sum(Events), low, high);
        }

        static long Events(DurationSample sample) => (long)(sample.Weight / DurationSample.One);
    }
}
