using Kpi.Rollups.Cells;
using Kpi.Rollups.Reading;
using Kpi.Rollups.Store.Blocks;
using Kpi.Tests.Rollups.Cells;

namespace Kpi.Tests.Rollups.Store.Blocks;

/// <summary>Writes and reads whole blocks as the store does.</summary>
internal static class BlockWalk
{
    /// <summary>Edge sets by number; others are not there.</summary>
    public static readonly EdgeSet[] EdgeSets = Observation.EdgeSets;

    public static byte[] Write(PlacedDistribution[] cells, int span = 1)
    {
        var sink = new ByteSink();
        Assert.True(new DistributionBlockWriter().TryWrite(sink, cells, span));
        return sink.Written.ToArray();
    }

    public static byte[] Write(PlacedCounter[] cells, int span = 1, long key = 0, RawKey? totals = null)
    {
        var sink = new ByteSink();
        new CounterBlockWriter().Write(sink, cells, span, key, totals ?? RawKey.None);
        return sink.Written.ToArray();
    }

    public static List<(CellPlace Place, int EdgeSet, string Cell)> Distributions(ReadOnlySpan<byte> block, DistributionBlockReader? reader = null)
    {
        reader ??= new DistributionBlockReader(EdgeSetOf);
        reader.Open(block);
        var read = new List<(CellPlace, int, string)>();
        for (var i = 0; i < reader.Places.Count; i++)
        {
            var edgeSet = reader.ReadNext();
            read.Add((new CellPlace(reader.Places.Series[reader.Places.Ranks[i]], reader.Places.Times[i]), edgeSet, Describe(reader.Cell)));
        }

        return read;
    }

    public static List<PlacedCounter> Counters(ReadOnlySpan<byte> block, RawKey? key = null)
    {
        var reader = new CounterBlockReader();
        reader.Read(block, _ => key ?? throw new InvalidDataException("no such key"));
        var read = new List<PlacedCounter>();
        for (var i = 0; i < reader.Places.Count; i++)
        {
            read.Add(new PlacedCounter(new CellPlace(reader.Places.Series[reader.Places.Ranks[i]], reader.Places.Times[i]), reader[i]));
        }

        return read;
    }

    public static string Describe(DistributionCell cell)
    {
        var sum = new Distribution();
        sum.Add(cell);
        return $"{cell.Zeros} {cell.SquaredWeights} {string.Join(' ', cell.AtEdges.ToArray())} {Observation.Describe(sum)}";
    }

    public static EdgeSet EdgeSetOf(int number) =>
        number < EdgeSets.Length ? EdgeSets[number] : throw new InvalidDataException($"no edge set {number}");
}
