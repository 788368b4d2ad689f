using System.Diagnostics;
using Kpi.Rollups.Cells;
using Kpi.Rollups.Identity;
using Kpi.Rollups.Reading;
using Kpi.Rollups.Store;
using Kpi.Rollups.Time;

namespace Kpi.Bench;

/// <summary>Reads of hours at 10 s and of thirty days, and the start with what thirty days left.</summary>
internal static class StoreReadBench
{
    private const int Rounds = 21;
    private const int SlicesOfSixHours = 2_160;
    private const int QuartersOfThirtyDays = 2_880;
    private const int SlicesPerQuarter = 90;

    public static async Task<IReadOnlyList<string>> HoursAsync()
    {
        await using var bed = new StoreBed();
        var load = new StoreLoad(10_000, 500, Shape.TwoChange);
        for (var i = 0; i < SlicesOfSixHours; i++)
        {
            await bed.Store.CommitAsync(load.Next(StoreBed.Begin.Plus(i)), default);
        }

        var six = new SliceRange(StoreBed.Begin, StoreBed.Begin.Plus(SlicesOfSixHours - 1));
        var hour = six with { First = six.Last.Plus(-359) };
        var fresh = await TimeAsync(bed, new CellQuery(hour, TimeTier.Slices, load.Counters.Take(1).ToList()), 360);
        await bed.UpkeepAsync(six.Last.Plus(400));
        var one = await TimeAsync(bed, new CellQuery(six, TimeTier.Slices, load.Counters.Skip(5_000).Take(1).ToList()), SlicesOfSixHours);
        var sketch = await TimeAsync(bed, new CellQuery(six, TimeTier.Slices, load.Distributions.Take(1).ToList()), SlicesOfSixHours);
        var whole = new CellQuery(hour, TimeTier.Slices, load.Counters);
        var all = await TimeAsync(bed, whole, 3_600_000, () => new Increases());
        var cells = await TimeAsync(bed, whole, 3_600_000);
        return
        [
            Row("one counter, 6 h at 10 s, tiles", one, "5 ms"),
            Row("one distribution, 6 h at 10 s, tiles", sketch, ""),
            Row("one counter, the newest hour at 10 s, before it is folded", fresh, ""),
            Row("10,000 counters, an hour at 10 s, tiles, increases alone", all, "20 ms"),
            Row("the same, cell by cell", cells, ""),
        ];
    }

    public static async Task<IReadOnlyList<string>> DaysAsync()
    {
        await using var bed = new StoreBed();
        var load = new StoreLoad(1_000, 1_000, Shape.Drawn);
        for (var i = 0; i <= QuartersOfThirtyDays; i++)
        {
            await bed.Store.CommitAsync(load.Next(StoreBed.Begin.Plus(i * SlicesPerQuarter)), default);
        }

        // Half a day on, so that both ends of the thirty days lie within a day.
        var now = StoreBed.Begin.Plus((QuartersOfThirtyDays * SlicesPerQuarter) + 20);
        await bed.UpkeepAsync(now);
        var range = TierMath.SnapStart(new SliceRange(now.Plus(-(30 * 8_640) + 4_400), now), TimeTier.Quarters);
        var sum = await TimeAsync(bed, new CellQuery(range, TimeTier.Days, load.Counters), least: 1, () => new Increases());
        var p99 = await TimeAsync(bed, new CellQuery(range, TimeTier.Days, load.Distributions), least: 1);
        await bed.Store.CommitAsync(new StoreLoad(98_000, 0, Shape.TwoChange).Next(now), default);
        var start = new List<double>();
        for (var round = 0; round < 5; round++)
        {
            start.Add(await StartAsync(bed, now));
        }

        return
        [
            Row("sum over 1,000 counters, 30 days", sum, "100 ms"),
            Row("P99 over 1,000 distributions, 30 days, ad hoc", p99, "1 s"),
            $"| start with 100,000 series, 2,000 of them over 30 days: open, rollups, last hour read | {Cpu.Median(start):f0} ms | 3 s |",
        ];
    }

    private static async Task<double> StartAsync(StoreBed bed, Slice now)
    {
        var watch = Stopwatch.StartNew();
        await bed.ReopenAsync();
        await using var snapshot = await bed.Store.OpenSnapshotAsync(default);
        await snapshot.LastFlushAsync(Guid.NewGuid(), default);
        await snapshot.ReadAsync(new CellQuery(new SliceRange(now.Plus(-359), now), TimeTier.Slices), new Totals(), default);
        return watch.Elapsed.TotalMilliseconds;
    }

    private static Task<(double Cpu, double Wall)> TimeAsync(StoreBed bed, CellQuery query, int least, Func<Totals>? make = null) =>
         Cpu.MedianAsync(Rounds, async () =>
        {
            var totals = make?.Invoke() ?? new Totals();
            await using var snapshot = await bed.Store.OpenSnapshotAsync(default);
            await snapshot.ReadAsync(query, totals, default);
            totals.Sum.Quantile(0.99);
            if (totals.Cells < least)
            {
                throw new InvalidOperationException($"{totals.Cells} cells instead of {least}");
            }
        });

    private static string Row(string what, (double Cpu, double Wall) took, string goal) => $"| {what} | {took.Wall:f1} ms (CPU {took.Cpu:f1}) | {goal} |";

    private class Totals : ICellVisitor
    {
        private FixedSum increase;

        public int Cells { get; protected set; }

        public Distribution Sum { get; } = new();

        public bool Wants(Series series) => true;

        public void Visit(Series series, SliceRange span, DistributionCell cell)
        {
            Cells++;
            Sum.Add(cell);
        }

        public void Visit(Series series, SliceRange span, CounterCell cell)
        {
            Cells++;
            increase += cell.Increase;
        }
    }

    /// <summary>The sum over all counters, slice by slice: what a chart of a platform's rate draws.</summary>
    private sealed class Increases : Totals, IIncreaseVisitor
    {
        private readonly long[] bySlice = new long[360];

        public void Visit(ReadOnlySpan<Series> series, SliceRange first, ReadOnlySpan<long> increases, long nanosPerUnit)
        {
            Cells += increases.Length;
            var slices = first.Last.Number - first.First.Number + 1;
            for (var slice = first.First.Number; !increases.IsEmpty; slice += slices, increases = increases[series.Length..])
            {
                long sum = 0;
                foreach (var increase in increases[..series.Length])
                {
                    sum += increase;
                }

                bySlice[slice % bySlice.Length] += sum * nanosPerUnit;
            }
        }
    }
}
