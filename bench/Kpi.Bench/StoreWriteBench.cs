using Kpi.Rollups.Identity;
using Kpi.Rollups.Time;

namespace Kpi.Bench;

/// <summary>An hour of a platform of 100,000 counters and 5,000 distributions: flushes, bytes, late data, upkeep and flushes beside it.</summary>
internal static class StoreWriteBench
{
    private const int Counters = 100_000;
    private const int Distributions = 5_000;
    private const int Slices = 360;
    private const int SlicesBeside = 60;
    private const int SketchSeries = 1_000;
    private const int LateShare = 5;

    /// <summary>Bytes of distribution cells by what the data leaves to chance.</summary>
    public static async Task<IReadOnlyList<string>> SketchBytesAsync()
    {
        var rows = new List<string>();
        foreach (var (shape, what, goal) in new[]
        {
            (Shape.TwoChangeAnywhere, "two of 60 counts change, values anywhere in their buckets", "85 / 8"),
            (Shape.Quiet, "a quiet service, a request every 10 s, log-normal around 50 ms", ""),
            (Shape.Drawn, "all of 60 counts drawn anew", ""),
        })
        {
            await using var bed = new StoreBed();
            var load = new StoreLoad(0, SketchSeries, shape);
            await FlushAsync(bed, load, StoreBed.Begin, Slices);
            var fresh = bed.BodyBytes(TimeTier.Slices, SeriesKind.Distribution) / (double)load.DistributionCells;
            await bed.UpkeepAsync(StoreBed.Begin.Plus(Slices + 80));
            var tiles = bed.BodyBytes(TimeTier.Slices, SeriesKind.Distribution) / (double)load.DistributionCells;
            rows.Add($"| bytes per distribution cell, {what}: fresh / tiles | {fresh:f1} / {tiles:f1} | {goal} |");
        }

        return rows;
    }

    /// <summary>
    /// An hour of cells that come late, into an hour that is folded, against an hour that comes in time: in both cases flushes and all
    /// upkeep after every sixth, up to the fold (the hour of late cells is folded again as a whole, which is when that is due).
    /// </summary>
    public static async Task<string> LateAsync()
    {
        await using var bed = new StoreBed();
        var load = new StoreLoad(Counters / LateShare, Distributions / LateShare, Shape.TwoChange);
        await bed.Store.CommitAsync(load.Next(StoreBed.Begin.Plus(-1)), default);
        var (fresh, freshUpkeep) = await HourAsync(bed, load, i => i);
        freshUpkeep += await bed.UpkeepAsync(StoreBed.Begin.Plus(Slices + 80));
        var (late, lateUpkeep) = await HourAsync(bed, load, _ => Slices + 80);
        var per = (double)LateShare / Slices;
        return $"| late data: flush and upkeep of 105,000 late cells over those of 105,000 fresh ones, CPU | {(late + lateUpkeep) / (fresh + freshUpkeep):f2} ({late * per:f0} + {lateUpkeep * per:f0} ms over {fresh * per:f0} + {freshUpkeep * per:f0} ms) | 2 |";
    }

    public static async Task<IReadOnlyList<string>> RunAsync()
    {
        await using var bed = new StoreBed();
        var load = new StoreLoad(Counters, Distributions, Shape.TwoChange);
        var first = await Cpu.OfAsync(async () => await bed.Store.CommitAsync(load.Next(StoreBed.Begin), default));
        var fresh = await FlushAsync(bed, load, StoreBed.Begin.Plus(1), Slices - 1);
        var counterBytes = (double)bed.BodyBytes(TimeTier.Slices, SeriesKind.Counter) / Slices / Counters;
        var distributionBytes = (double)bed.BodyBytes(TimeTier.Slices, SeriesKind.Distribution) / Slices / Distributions;
        var freshBytes = bed.UsedBytes();
        var flushing = FlushAsync(bed, load, StoreBed.Begin.Plus(Slices), SlicesBeside);
        await bed.UpkeepBesideAsync(StoreBed.Begin.Plus(Slices + 80), flushing);
        var beside = await flushing;
        var upkeep = await bed.UpkeepAsync(StoreBed.Begin.Plus(Slices + 80));
        var folded = StoreBed.Begin.Plus(Slices - 1).Number;
        var tiles = (double)bed.Ask($"SELECT sum(length(body)) FROM tile WHERE tier = 1 AND kind = 1") / Slices / Counters;
        var sketchTiles = (double)bed.Ask($"SELECT sum(length(body)) FROM tile WHERE tier = 1 AND kind = 2") / Slices / Distributions;
        var minutes = bed.BodyBytes(TimeTier.Minutes, SeriesKind.Counter) + bed.BodyBytes(TimeTier.Minutes, SeriesKind.Distribution);
        var quarters = bed.BodyBytes(TimeTier.Quarters, SeriesKind.Counter) + bed.BodyBytes(TimeTier.Quarters, SeriesKind.Distribution);
        return
        [
            $"| flush, CPU, median of {Slices - 1} | {Cpu.Median(fresh.Select(f => f.Cpu)):f0} ms = {Cpu.Median(fresh.Select(f => f.Cpu)) / 100:f2} % of a core | 1 % |",
            $"| the first flush, which names all series, CPU | {first.Cpu:f0} ms | |",
            $"| flush beside upkeep: wall median, longest | {Cpu.Median(beside.Select(f => f.Wall)):f0} ms, {beside.Max(f => f.Wall):f0} ms (alone {Cpu.Median(fresh.Select(f => f.Wall)):f0}, {fresh.Max(f => f.Wall):f0}) | |",
            $"| bytes per counter cell, fresh / tiles | {counterBytes:f2} / {tiles:f2} | 3 / 2 |",
            $"| bytes per distribution cell, two of 60 counts change: fresh / tiles | {distributionBytes:f1} / {sketchTiles:f1} | 85 / 8 |",
            $"| an hour in the file, fresh, whole pages | {freshBytes / 1e6:f0} MB | |",
            $"| upkeep of the rest of that hour, CPU, alone | {upkeep / 1000:f1} s | |",
            $"| bodies: 1 min tier of {folded - StoreBed.Begin.Number + 1 + SlicesBeside} slices, 15 min tier | {minutes / 1e6:f1} MB, {quarters / 1e6:f1} MB | |",
        ];
    }

    private static async Task<List<(double Cpu, double Wall)>> FlushAsync(StoreBed bed, StoreLoad load, Slice from, int count)
    {
        var flushes = new List<(double Cpu, double Wall)>();
        for (var i = 0; i < count; i++)
        {
            var commit = load.Next(from.Plus(i));
            flushes.Add(await Cpu.OfAsync(() => Task.Run(async () => await bed.Store.CommitAsync(commit, default))));
        }

        return flushes;
    }

    // CPU of all flushes and of all upkeep.
    private static async Task<(double Flushes, double Upkeep)> HourAsync(StoreBed bed, StoreLoad load, Func<int, int> nowAt)
    {
        double flushes = 0, upkeep = 0;
        for (var i = 0; i < Slices; i += 6)
        {
            flushes += (await FlushAsync(bed, load, StoreBed.Begin.Plus(i), 6)).Sum(f => f.Cpu);
            upkeep += await bed.UpkeepAsync(StoreBed.Begin.Plus(nowAt(i)));
        }

        return (flushes, upkeep);
    }
}
