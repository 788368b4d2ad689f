using Kpi.Rollups.Cells;

namespace Kpi.Rollups.Store.Blocks;

/// <summary>A distribution cell with the numbers that a block uses for its series and its edge set.</summary>
internal readonly record struct NumberedDistribution(long Series, int EdgeSet, DistributionCell Cell);

/// <summary>The layout of a block of distribution cells of one slice: <c>docs/formats/blocks.md</c>.</summary>
internal static class DistributionBlock
{
    // 2,098 octaves of 64 buckets: all that a double can fall into.
    private const int MostBuckets = 2_098 * SketchMath.BucketsPerOctave;

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
        cell.Count = (long)source.Varint();
        cell.Observed = (long)source.Varint();
        cell.Valueless = (long)source.Varint();
        cell.Zeros = (long)source.Varint();
        cell.Sum = new FixedSum(source.Int128());
        cell.Min = source.Double();
        cell.Max = source.Double();
        for (var i = 0; i < cell.AtEdges.Length; i++)
        {
            cell.SetAtEdge(i, (long)source.Varint());
        }

        ReadBuckets(ref source, cell);
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

    private static void ReadBuckets(ref ByteSource source, DistributionCell cell)
    {
        long index = 0;
        for (var left = source.Bounded(MostBuckets); left > 0; left--)
        {
            index += source.Zigzag();
            if (Math.Abs(index) > MostBuckets)
            {
                throw new InvalidDataException($"a bucket {index}");
            }

            cell.SetBucket((int)index, checked((uint)source.Varint()));
        }
    }
}
