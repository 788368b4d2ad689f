using Kpi.Rollups.Cells;
using Kpi.Rollups.Store.Blocks;

namespace Kpi.Rollups.Store.Migration;

/// <summary>Reads blocks of distribution cells of format 1: <c>docs/formats/blocks.md</c>, at the end.</summary>
internal static class FormatOneDistributions
{
    private const byte Version = 1;
    private const int MostCells = 64;
    private const int MostBuckets = SketchMath.HighestBucket - SketchMath.LowestBucket + 1;

    /// <summary>Reads the next cell of a block into <paramref name="cell"/>; the number of its series is the result.</summary>
    /// <param name="previous">The series before it, 0 at the first.</param>
    public static long ReadNext(ref ByteSource source, long previous, Func<int, EdgeSet> edgeSets, DistributionCell cell)
    {
        var series = previous + source.Zigzag();
        cell.Reset(edgeSets(source.Bounded(int.MaxValue)));
        cell.Count = source.Count();
        cell.Observed = source.Count();
        cell.Valueless = source.Count();
        cell.Zeros = source.Count();
        cell.Sum = new FixedSum(source.Int128());
        cell.Min = source.Double();
        cell.Max = source.Double();
        Int128 within = 0;
        for (var i = 0; i < cell.AtEdges.Length; i++)
        {
            var count = source.Count();
            cell.SetAtEdge(i, count);
            within += count;
        }

        var inBuckets = ReadBuckets(ref source, cell);
        if (cell.Count != (Int128)cell.Valueless + cell.Zeros + inBuckets || within > cell.Count - cell.Valueless)
        {
            throw new InvalidDataException($"a cell of {cell.Count} events whose parts are not as many");
        }

        return series;
    }

    /// <summary>Reads the head of a block: how many cells follow.</summary>
    public static int ReadHead(ref ByteSource source)
    {
        var version = source.Byte();
        return version == Version
            ? source.Bounded(MostCells)
            : throw new InvalidDataException($"a block of version {version}");
    }

    private static long ReadBuckets(ref ByteSource source, DistributionCell cell)
    {
        long sum = 0;
        long index = 0;
        int? lowest = null;
        for (var left = source.Bounded(MostBuckets); left > 0; left--)
        {
            // A sum that wraps around ends far outside the range.
            var step = source.Zigzag();
            index = unchecked(index + step);
            var count = source.Varint();
            var ascends = lowest is null || step > 0;
            if (!ascends || index is < SketchMath.LowestBucket or > SketchMath.HighestBucket || count is 0 or > uint.MaxValue)
            {
                throw new InvalidDataException($"a bucket {index} of {count}");
            }

            lowest ??= (int)index;
            cell.SetBucket((int)index, (uint)count);
            sum += (uint)count;
        }

        if (lowest is { } first && !Encloses(cell, first, (int)index))
        {
            throw new InvalidDataException($"buckets {first} to {index} of values from {cell.Min} to {cell.Max}");
        }

        return sum;
    }

    // Readers cut buckets to the smallest and the largest value, so these must not lie inside.
    private static bool Encloses(DistributionCell cell, int lowest, int highest) =>
        cell.Min >= 0 && cell.Min <= cell.Max && double.IsFinite(cell.Max)
        && cell.Min <= SketchMath.UpperEdge(lowest) && cell.Max > SketchMath.LowerEdge(highest);
}
