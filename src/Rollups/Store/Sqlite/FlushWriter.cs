using Kpi.Rollups.Identity;
using Kpi.Rollups.Store.Blocks;
using Kpi.Rollups.Store.Tiers;
using Kpi.Rollups.Time;
using Microsoft.Data.Sqlite;

namespace Kpi.Rollups.Store.Sqlite;

/// <summary>Writes the increments of a flush as blocks: one per slice and shard. One thread, inside the commit's transaction.</summary>
internal sealed class FlushWriter
{
    private const int LeastOrder = 1_024;

    private readonly SeriesNumbers numbers = new();
    private readonly CounterKeys keys = new();
    private readonly CounterBlockWriter counterBlocks = new();
    private readonly DistributionBlockWriter distributionBlocks = new();
    private readonly GaugeBlockWriter gaugeBlocks = new();
    private readonly HistogramBlockWriter histogramBlocks = new();
    private readonly ByteSink sink = new();
    private readonly List<PlacedCounter> counters = [];
    private readonly List<PlacedDistribution> distributions = [];
    private readonly List<(int Item, int Series)> items = [];
    private (long Key, int Item)[] order = [];

    /// <summary>Writes a flush.</summary>
    /// <returns>How many increments were refused: no tier holds their time any more.</returns>
    public long Write(SqliteConnection connection, FlushCommit commit, TierReaches reaches)
    {
        using var insert = new BlockInsert(connection);
        using var statements = new SeriesStatements(connection);
        MakeRoom(Math.Max(Math.Max(commit.Distributions.Count, commit.Counters.Count), Math.Max(commit.Gauges.Count, commit.Histograms.Count)));
        long refused = 0;
        WriteSorted(
            commit.Distributions.Count, i => commit.Distributions[i].Slice, i => numbers.Number(statements, SeriesKind.Distribution, commit.Distributions[i].Series, commit.Distributions[i].Slice),
            SeriesKind.Distribution, (slice, shard, items) => refused += WriteDistributions(connection, insert, reaches, commit, slice, shard, items));
        WriteSorted(
            commit.Counters.Count, i => commit.Counters[i].Slice, i => numbers.Number(statements, SeriesKind.Counter, commit.Counters[i].Series, commit.Counters[i].Slice),
            SeriesKind.Counter, (slice, shard, items) => refused += WriteCounters(insert, reaches, commit, slice, shard, items));
        WriteSorted(
            commit.Gauges.Count, i => commit.Gauges[i].Slice, i => numbers.Number(statements, SeriesKind.Gauge, commit.Gauges[i].Series, commit.Gauges[i].Slice),
            SeriesKind.Gauge, (slice, shard, items) => refused += WriteGauges(insert, reaches, commit, slice, shard, items));
        WriteSorted(
            commit.Histograms.Count, i => commit.Histograms[i].Slice, i => numbers.Number(statements, SeriesKind.Histogram, commit.Histograms[i].Series, commit.Histograms[i].Slice),
            SeriesKind.Histogram, (slice, shard, items) => refused += WriteHistograms(insert, reaches, commit, slice, shard, items));
        numbers.Save(connection);
        return refused;
    }

    /// <summary>Forgets what a commit gave that was rolled back, or what was dropped.</summary>
    public void Forget()
    {
        numbers.Forget();
        keys.Forget();
    }

    // Kept, as large arrays are collected late; given back when a flush was unusually large.
    private void MakeRoom(int most) =>
        order = order.Length < most || order.Length > Math.Max(LeastOrder, most * 4) ? new (long Key, int Item)[Math.Max(most, LeastOrder)] : order;

    private void WriteSorted(
        int count, Func<int, Slice> sliceOf, Func<int, int> numberOf, SeriesKind kind, Action<Slice, Shard, ReadOnlySpan<(int Item, int Series)>> write)
    {
        for (var i = 0; i < count; i++)
        {
            order[i] = (((long)sliceOf(i).Number << 32) | (uint)numberOf(i), i);
        }

        order.AsSpan(0, count).Sort();
        var perShard = BlockFormat.SeriesPerShard(kind);
        for (int first = 0, end = 0; first < count; first = end)
        {
            var (slice, shard) = (order[first].Key >> 32, (int)order[first].Key / perShard);
            items.Clear();
            while (end < count && order[end].Key >> 32 == slice && (int)order[end].Key / perShard == shard && end - first < BlockFormat.MostCells)
            {
                items.Add((order[end].Item, (int)order[end].Key));
                end++;
            }

            write(new Slice((int)slice), new Shard(kind, shard), System.Runtime.InteropServices.CollectionsMarshal.AsSpan(items));
        }
    }

    private int WriteCounters(
        BlockInsert insert, TierReaches reaches, FlushCommit commit, Slice slice, Shard shard, ReadOnlySpan<(int Item, int Series)> items)
    {
        if (slice.Number <= reaches.RefusedTo)
        {
            return items.Length;
        }

        counters.Clear();
        foreach (var (item, series) in items)
        {
            counters.Add(new PlacedCounter(new CellPlace(series, 0), commit.Counters[item].Cell));
        }

        var cells = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(counters);
        var fresh = reaches.IsFresh(slice);
        var (key, totals) = fresh ? keys.Of(shard, slice) : (0, RawKey.None);
        sink.Clear();
        counterBlocks.Write(sink, cells, span: 1, key, totals);
        var number = insert.Insert(new PreparedBlock(fresh ? TimeTier.Slices : CellArea.Late, slice.Number, shard, sink.Written.ToArray()));
        if (fresh && key == 0)
        {
            keys.Note(shard, slice, number, CounterBlockWriter.KeyOf(cells));
        }

        return 0;
    }

    private int WriteDistributions(
        SqliteConnection connection, BlockInsert insert, TierReaches reaches, FlushCommit commit, Slice slice, Shard shard, ReadOnlySpan<(int Item, int Series)> items)
    {
        if (slice.Number <= reaches.RefusedTo)
        {
            return items.Length;
        }

        distributions.Clear();
        foreach (var (item, series) in items)
        {
            var cell = commit.Distributions[item].Cell;
            distributions.Add(new PlacedDistribution(new CellPlace(series, 0), numbers.Number(connection, cell.Edges), cell));
        }

        var tier = TierOf(reaches, slice);
        foreach (var body in distributionBlocks.Cut(sink, System.Runtime.InteropServices.CollectionsMarshal.AsSpan(distributions), span: 1))
        {
            insert.Insert(new PreparedBlock(tier, slice.Number, shard, body));
        }

        return 0;
    }

    private int WriteGauges(
        BlockInsert insert, TierReaches reaches, FlushCommit commit, Slice slice, Shard shard, ReadOnlySpan<(int Item, int Series)> items)
    {
        if (slice.Number <= reaches.RefusedTo)
        {
            return items.Length;
        }

        var cells = new PlacedGauge[items.Length];
        for (var i = 0; i < cells.Length; i++)
        {
            cells[i] = new PlacedGauge(new CellPlace(items[i].Series, 0), commit.Gauges[items[i].Item].Cell);
        }

        sink.Clear();
        gaugeBlocks.Write(sink, cells, span: 1);
        insert.Insert(new PreparedBlock(TierOf(reaches, slice), slice.Number, shard, sink.Written.ToArray()));
        return 0;
    }

    private int WriteHistograms(
        BlockInsert insert, TierReaches reaches, FlushCommit commit, Slice slice, Shard shard, ReadOnlySpan<(int Item, int Series)> items)
    {
        if (slice.Number <= reaches.RefusedTo)
        {
            return items.Length;
        }

        var cells = new PlacedHistogram[items.Length];
        for (var i = 0; i < cells.Length; i++)
        {
            cells[i] = new PlacedHistogram(new CellPlace(items[i].Series, 0), commit.Histograms[items[i].Item].Cell);
        }

        foreach (var body in histogramBlocks.Cut(sink, cells, span: 1))
        {
            insert.Insert(new PreparedBlock(TierOf(reaches, slice), slice.Number, shard, body));
        }

        return 0;
    }

    private static TimeTier TierOf(TierReaches reaches, Slice slice) => reaches.IsFresh(slice) ? TimeTier.Slices : CellArea.Late;
}
