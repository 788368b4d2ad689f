using Kpi.Rollups.Cells;
using Kpi.Rollups.Reading;
using Kpi.Rollups.Store.Blocks;
using Kpi.Tests.Rollups.Cells;

namespace Kpi.Tests.Rollups.Store.Blocks;

/// <summary>Reads whole blocks as the store does.</summary>
internal static class BlockWalk
{
    /// <summary>Edge sets by number; others are not there.</summary>
    public static readonly EdgeSet[] EdgeSets = Observation.EdgeSets;

    public static List<(long Series, EdgeSet Edges, string Cell)> Distributions(ReadOnlySpan<byte> block, DistributionCell? scratch = null)
    {
        scratch ??= new DistributionCell(new CellMemory());
        var read = new List<(long, EdgeSet, string)>();
        var source = new ByteSource(block);
        long series = 0;
        for (var left = DistributionBlock.ReadHead(ref source); left > 0; left--)
        {
            series = DistributionBlock.ReadNext(ref source, series, EdgeSetOf, scratch);
            var sum = new Distribution();
            sum.Add(scratch);
            read.Add((series, scratch.Edges, $"{scratch.Zeros} {string.Join(' ', scratch.AtEdges.ToArray())} {Observation.Describe(sum)}"));
        }

        source.ExpectEnd();
        return read;
    }

    public static List<NumberedCounter> Counters(ReadOnlySpan<byte> block)
    {
        var read = new List<NumberedCounter>();
        var source = new ByteSource(block);
        long series = 0;
        for (var left = CounterBlock.ReadHead(ref source); left > 0; left--)
        {
            var next = CounterBlock.ReadNext(ref source, series);
            series = next.Series;
            read.Add(next);
        }

        source.ExpectEnd();
        return read;
    }

    private static EdgeSet EdgeSetOf(int number) =>
        number < EdgeSets.Length ? EdgeSets[number] : throw new InvalidDataException($"no edge set {number}");
}
