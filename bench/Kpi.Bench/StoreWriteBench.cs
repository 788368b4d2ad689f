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

    /// <summary>Bytes of distributions that nothing but chance decides.</summary>
    public static async Task<string> ByChanceAsync()
    {
        await using var bed = new StoreBed();
        var load = new StoreLoad(0, Distributions, repeating: false);
        await FlushAsync(bed, load, StoreBed.Begin, Slices);
        var fresh = (double)bed.BodyBytes(TimeTier.Slices, SeriesKind.Distribution) / Slices / Distributions;
        await bed.UpkeepAsync(StoreBed.Begin.Plus(Slices + 80));
        var tiles = (double)bed.BodyBytes(TimeTier.Slices, SeriesKind.Distribution) / Slices / Distributions;
        return $"| bytes per distribution cell, all counts drawn anew: fresh / tiles | {fresh:f1} / {tiles:f1} | |";
    }

    public static async Task<IReadOnlyList<string>> RunAsync()
    {
        await using var bed = new StoreBed();
        var load = new StoreLoad(Counters, Distributions, repeating: true);
        var first = await Cpu.OfAsync(async () => await bed.Store.CommitAsync(load.Next(StoreBed.Begin), default));
        var fresh = await FlushAsync(bed, load, StoreBed.Begin.Plus(1), Slices - 1);
        var counterBytes = (double)bed.BodyBytes(TimeTier.Slices, SeriesKind.Counter) / Slices / Counters;
        var distributionBytes = (double)bed.BodyBytes(TimeTier.Slices, SeriesKind.Distribution) / Slices / Distributions;
        var freshBytes = bed.UsedBytes();
        var flushing = FlushAsync(bed, load, StoreBed.Begin.Plus(Slices), SlicesBeside);
        await bed.UpkeepBesideAsync(StoreBed.Begin.Plus(Slices + 80), flushing);
        var beside = await flushing;
        var upkeep = await bed.UpkeepAsync(StoreBed.Begin.Plus(Slices + 80));
        var late = await FlushAsync(bed, load, StoreBed.Begin.Plus(100), 3, step: 0);
        var taken = await bed.UpkeepAsync(StoreBed.Begin.Plus(Slices + 80));
        var folded = StoreBed.Begin.Plus(Slices - 1).Number;
        var tiles = (double)bed.Ask($"SELECT sum(length(body)) FROM tile WHERE tier = 1 AND kind = 1") / Slices / Counters;
        var sketchTiles = (double)bed.Ask($"SELECT sum(length(body)) FROM tile WHERE tier = 1 AND kind = 2") / Slices / Distributions;
        var minutes = bed.BodyBytes(TimeTier.Minutes, SeriesKind.Counter) + bed.BodyBytes(TimeTier.Minutes, SeriesKind.Distribution);
        var quarters = bed.BodyBytes(TimeTier.Quarters, SeriesKind.Counter) + bed.BodyBytes(TimeTier.Quarters, SeriesKind.Distribution);
        return
        [
            $"| flush, CPU, median of {Slices - 1} | {Cpu.Median(fresh.Select(f => f.Cpu)):f0} ms = {Cpu.Median(fresh.Select(f => f.Cpu)) / 100:f2} % of a core | 1 % |",
            $"| the first flush, which names all series, CPU | {first.Cpu:f0} ms | |",
            $"| late: the same amount, an hour old, over fresh, CPU | {Cpu.Median(late.Select(f => f.Cpu)) / Cpu.Median(fresh.Select(f => f.Cpu)):f2}; spread over the tiers later: {taken / 3:f0} ms | 2 |",
            $"| flush beside upkeep: wall median, longest | {Cpu.Median(beside.Select(f => f.Wall)):f0} ms, {beside.Max(f => f.Wall):f0} ms (alone {Cpu.Median(fresh.Select(f => f.Wall)):f0}, {fresh.Max(f => f.Wall):f0}) | |",
            $"| bytes per counter cell, fresh / tiles | {counterBytes:f2} / {tiles:f2} | 3 / 2 |",
            $"| bytes per distribution cell, two of 60 counts change per slice: fresh / tiles | {distributionBytes:f1} / {sketchTiles:f1} | 85 / 8 |",
            $"| an hour in the file, fresh, whole pages | {freshBytes / 1e6:f0} MB | |",
            $"| upkeep of the rest of that hour, CPU, alone | {upkeep / 1000:f1} s | |",
            $"| bodies: 1 min tier of {folded - StoreBed.Begin.Number + 1 + SlicesBeside} slices, 15 min tier | {minutes / 1e6:f1} MB, {quarters / 1e6:f1} MB | |",
        ];
    }

    private static async Task<List<(double Cpu, double Wall)>> FlushAsync(StoreBed bed, StoreLoad load, Slice from, int count, int step = 1)
    {
        var flushes = new List<(double Cpu, double Wall)>();
        for (var i = 0; i < count; i++)
        {
            var commit = load.Next(from.Plus(i * step));
            flushes.Add(await Cpu.OfAsync(() => Task.Run(async () => await bed.Store.CommitAsync(commit, default))));
        }

        return flushes;
    }
}
