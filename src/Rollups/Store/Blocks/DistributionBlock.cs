using Kpi.Rollups.Cells;

namespace Kpi.Rollups.Store.Blocks;

/// <summary>A distribution cell with the numbers that a block uses for its series and its edge set.</summary>
internal readonly record struct NumberedDistribution(long Series, int EdgeSet, DistributionCell Cell);

/// <summary>The layout of a block of distribution cells of one slice: <c>docs/formats/blocks.md</c>.</summary>
internal static class DistributionBlock
{
    private const int MostBuckets = SketchMath.HighestBucket - SketchMath.LowestBucket + 1;

    /// <summary>Writes cells; ascending by series they take the least room.</summary>
    public static void Write(ByteSink sink, ReadOnlySpan<NumberedDistribution> cells)
    {
        sink.Byte(BlockFormat.Version);
        sink.Varint((ulong)cells.Length);
        long previous = 0;
        foreach (var (series, edgeSet, cell) in cells)
        {
            sink.Zigzag(series - previous);
            previous = series;
            sink.Varint((ulong)edgeSet);
            sink.Varint((ulong)cell.Count);
            sink.Varint((ulong)cell.Observed);
            sink.Varint((ulong)cell.Valueless);
            sink.Varint((ulong)cell.Zeros);
            sink.Int128(cell.Sum.Nanos);
            sink.Double(cell.Min);
            sink.Double(cell.Max);
            foreach (var count in cell.AtEdges)
            {
                sink.Varint((ulong)count);
            }

            WriteBuckets(sink, cell);
        }
    }

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
        return version == BlockFormat.Version
            ? source.Bounded(BlockFormat.MostDistributions)
            : throw new InvalidDataException($"a block of version {version}");
    }

    private static void WriteBuckets(ByteSink sink, DistributionCell cell)
    {
        var buckets = cell.Buckets;
        sink.Varint((ulong)(buckets.Length - buckets.Count(0u)));
        var previous = 0;
        for (var i = 0; i < buckets.Length; i++)
        {
            if (buckets[i] != 0)
            {
                sink.Zigzag(cell.FirstBucket + i - previous);
                previous = cell.FirstBucket + i;
                sink.Varint(buckets[i]);
            }
        }
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
