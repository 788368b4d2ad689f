using Kpi.Rollups.Cells;
using Kpi.Rollups.Identity;
using Kpi.Rollups.Store.Blocks;
using Kpi.Rollups.Store.Sqlite;
using Kpi.Rollups.Time;

namespace Kpi.Rollups.Store.Upkeep;

/// <summary>Adds stored cells up into the cells of a tier.</summary>
internal sealed class CellMerge(TimeTier tier, Func<int, EdgeSet> edgeSetOf) : IStoredCells
{
    private readonly Dictionary<CellPlace, CounterCell> counters = [];
    private readonly Dictionary<(CellPlace Place, int EdgeSet), DistributionCell> distributions = [];

    // Cells whose buckets were too full to take more.
    private readonly List<PlacedDistribution> full = [];

    public bool Wants(SeriesKind kind, int series) => true;

    public void Take(TimeTier of, int cell, int series, in CounterCell counter)
    {
        var (target, shift) = Target(of, cell);
        var moved = counter.Samples == 0 || shift == 0
            ? counter
            : counter with { FirstOffset = counter.FirstOffset + shift, LastOffset = counter.LastOffset + shift };
        ref var sum = ref System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(counters, new CellPlace(series, target), out var known);
        sum = known ? sum + moved : moved;
    }

    public void Take(TimeTier of, int cell, int series, int edgeSet, DistributionCell distribution)
    {
        var place = new CellPlace(series, Target(of, cell).Cell);
        if (distributions.TryGetValue((place, edgeSet), out var sum) && sum.TryAdd(distribution))
        {
            return;
        }

        if (sum is not null)
        {
            full.Add(new PlacedDistribution(place, edgeSet, sum));
        }

        sum = new DistributionCell(new CellMemory());
        sum.Reset(edgeSetOf(edgeSet));
        sum.TryAdd(distribution);
        distributions[(place, edgeSet)] = sum;
    }

    /// <summary>What was added up, by time and then series. Times are cells of the tier.</summary>
    public PlacedCounter[] Counters() =>
        ByTime([.. counters.Select(c => new PlacedCounter(c.Key, c.Value))]);

    /// <summary>What was added up, by series and then time. A place may occur several times.</summary>
    public PlacedDistribution[] Distributions() =>
        [.. distributions.Select(d => new PlacedDistribution(d.Key.Place, d.Key.EdgeSet, d.Value)).Concat(full)
            .OrderBy(d => d.Place.Series).ThenBy(d => d.Place.Time)];

    /// <summary>One block per cell and shard.</summary>
    public IEnumerable<PreparedBlock> ToBlocks(BodyWriter bodies)
    {
        foreach (var block in Counters().GroupBy(c => (c.Place.Time, Shard: c.Place.Series / BlockFormat.SeriesPerShard(SeriesKind.Counter))))
        {
            var cells = block.Select(c => new PlacedCounter(c.Place with { Time = 0 }, c.Cell)).ToArray();
            foreach (var body in bodies.Counters(cells, span: 1))
            {
                yield return new PreparedBlock(tier, block.Key.Time, new Shard(SeriesKind.Counter, block.Key.Shard), body);
            }
        }

        foreach (var block in Distributions().GroupBy(d => (d.Place.Time, Shard: d.Place.Series / BlockFormat.SeriesPerShard(SeriesKind.Distribution))))
        {
            var cells = block.Select(d => d with { Place = d.Place with { Time = 0 } }).ToArray();
            foreach (var body in bodies.Distributions(cells, span: 1))
            {
                yield return new PreparedBlock(tier, block.Key.Time, new Shard(SeriesKind.Distribution, block.Key.Shard), body);
            }
        }
    }

    private static PlacedCounter[] ByTime(PlacedCounter[] cells)
    {
        Array.Sort(Array.ConvertAll(cells, c => ((long)c.Place.Time << 32) | (uint)c.Place.Series), cells);
        return cells;
    }

    private (int Cell, long Shift) Target(TimeTier of, int cell)
    {
        if (of == tier)
        {
            return (cell, 0);
        }

        var first = TierMath.SpanOf(of, cell).First;
        var target = TierMath.CellOf(tier, first);
        return (target, (first.Number - TierMath.SpanOf(tier, target).First.Number) * Slice.LengthNanos);
    }
}
