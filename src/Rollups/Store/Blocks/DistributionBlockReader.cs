using System.IO.Compression;
using Kpi.Rollups.Cells;

namespace Kpi.Rollups.Store.Blocks;

/// <summary>Reads blocks of distribution cells, cell by cell. Reused from block to block; one thread.</summary>
internal sealed class DistributionBlockReader(Func<int, EdgeSet> edgeSetOf)
{
    private const int MostBuckets = SketchMath.HighestBucket - SketchMath.LowestBucket + 1;
    private const int FirstRoom = 64 << 10;

    private byte[] plain = [];
    private Totals[] totals = [];
    private long[] edgeCounts = [];
    private int[] steps = [];
    private int edgeAt;
    private int stepAt;
    private int countAt;
    private int plainBytes;
    private int next;

    private struct Totals
    {
        public int EdgeSet;
        public EdgeSet Edges;
        public long Valueless;
        public long Zeros;
        public long Sampled;
        public UInt128 Squares;
        public Int128 Sum;
        public double Min;
        public double Max;
        public int Buckets;
    }

    /// <summary>Places of the cells of the block opened.</summary>
    public CellPlaces Places { get; } = new();

    /// <summary>Begins a block; then one <see cref="ReadNext"/> for each of its places.</summary>
    public void Open(ReadOnlySpan<byte> body)
    {
        var source = new ByteSource(body);
        var version = source.Byte();
        if (version != BlockFormat.Version)
        {
            throw new InvalidDataException($"a block of version {version}");
        }

        Places.Read(ref source, seriesFirst: true);
        Inflate(source.Bounded(BlockFormat.MostPlainBytes * 2), source.Bytes(source.Left));
        totals = totals.Length < Places.Count ? new Totals[Places.Count] : totals;
        var cells = new ByteSource(plain.AsSpan(0, plainBytes));
        ReadTotals(ref cells);
        ReadEdgeCounts(ref cells);
        ReadSteps(ref cells);
        countAt = plainBytes - cells.Left;
        edgeAt = stepAt = next = 0;
    }

    /// <summary>Reads the next cell into <paramref name="into"/>, or steps over it when that is null.</summary>
    /// <returns>The number of its edge set.</returns>
    public int ReadNext(DistributionCell? into)
    {
        ref readonly var of = ref totals[next];
        var counts = new ByteSource(plain.AsSpan(countAt, plainBytes - countAt));
        if (into is null)
        {
            edgeAt += of.Edges.Edges.Length;
            stepAt += of.Buckets;
            counts.SkipVarints(of.Buckets);
        }
        else
        {
            Fill(into, in of, ref counts);
        }

        countAt = plainBytes - counts.Left;
        if (++next == Places.Count)
        {
            counts.ExpectEnd();
        }

        return of.EdgeSet;
    }

    private void Fill(DistributionCell into, in Totals of, ref ByteSource counts)
    {
        into.Reset(of.Edges);
        into.Valueless = of.Valueless;
        into.Zeros = of.Zeros;
        into.Sum = new FixedSum(of.Sum);
        into.Min = of.Min;
        into.Max = of.Max;
        var inBuckets = ReadBuckets(into, of.Buckets, ref counts);
        var count = (Int128)of.Valueless + of.Zeros + inBuckets;
        var observed = count - of.Sampled;
        Int128 within = 0;
        for (var i = 0; i < into.AtEdges.Length; i++)
        {
            within += edgeCounts[edgeAt];
            into.SetAtEdge(i, edgeCounts[edgeAt++]);
        }

        if (count > long.MaxValue || observed < 0 || observed > long.MaxValue || within > count - of.Valueless)
        {
            throw new InvalidDataException($"a cell of {count} events, {observed} observed, {within} within edges");
        }

        into.Count = (long)count;
        into.Observed = (long)observed;
        into.SquaredWeights = of.Squares + (UInt128)count;
    }

    private void Inflate(int length, ReadOnlySpan<byte> packed)
    {
        // A head may claim more than there is: the room grows with what comes out.
        plainBytes = 0;
        using var decoder = new BrotliDecoder();
        while (true)
        {
            if (plain.Length == plainBytes || plain.Length == 0)
            {
                Array.Resize(ref plain, Math.Max(FirstRoom, plain.Length * 2));
            }

            var status = decoder.Decompress(packed, plain.AsSpan(plainBytes), out var read, out var written);
            packed = packed[read..];
            plainBytes += written;
            if (plainBytes > length || (status != System.Buffers.OperationStatus.Done && status != System.Buffers.OperationStatus.DestinationTooSmall))
            {
                throw new InvalidDataException("cells that cannot be inflated");
            }

            if (status == System.Buffers.OperationStatus.Done)
            {
                break;
            }
        }

        if (plainBytes != length || !packed.IsEmpty)
        {
            throw new InvalidDataException($"{plainBytes} bytes of cells instead of {length}");
        }
    }

    private void ReadTotals(ref ByteSource source)
    {
        var all = totals.AsSpan(0, Places.Count);
        foreach (ref var of in all)
        {
            of.EdgeSet = source.Bounded(int.MaxValue);
            of.Edges = edgeSetOf(of.EdgeSet);
        }

        foreach (ref var of in all)
        {
            of.Valueless = source.Count();
            of.Zeros = source.Count();
            of.Sampled = source.Zigzag();
            of.Squares = source.LongVarint();
        }

        foreach (ref var of in all)
        {
            of.Sum = source.LongZigzag();
            (of.Min, of.Max) = (double.PositiveInfinity, double.NegativeInfinity);
        }
    }

    private void ReadEdgeCounts(ref ByteSource source)
    {
        var count = 0;
        foreach (ref readonly var of in totals.AsSpan(0, Places.Count))
        {
            count += of.Edges.Edges.Length;
        }

        edgeCounts = edgeCounts.Length < count ? new long[count] : edgeCounts;
        for (var i = 0; i < count; i++)
        {
            edgeCounts[i] = source.Count();
        }
    }

    private void ReadSteps(ref ByteSource source)
    {
        var count = 0;
        foreach (ref var of in totals.AsSpan(0, Places.Count))
        {
            of.Buckets = source.Bounded(MostBuckets);
            count += of.Buckets;
            if (count > plainBytes)
            {
                throw new InvalidDataException($"{count} buckets in {plainBytes} bytes");
            }
        }

        steps = steps.Length < count ? new int[Math.Max(count, steps.Length * 2)] : steps;
        for (var i = 0; i < count; i++)
        {
            var step = source.Zigzag();
            steps[i] = step is >= int.MinValue and <= int.MaxValue ? (int)step : throw new InvalidDataException($"a step of {step} buckets");
        }

        foreach (ref var of in totals.AsSpan(0, Places.Count))
        {
            if (of.Zeros > 0 || of.Buckets > 0)
            {
                (of.Min, of.Max) = (ValueOf(ref source), ValueOf(ref source));
            }
        }
    }

    private static double ValueOf(ref ByteSource source)
    {
        var nanos = source.Varint();
        return nanos == 1 ? source.Double() : (nanos & 1) == 0 ? (nanos >> 1) / 1e9 : throw new InvalidDataException($"a value {nanos}");
    }

    private long ReadBuckets(DistributionCell into, int count, ref ByteSource counts)
    {
        long sum = 0;
        long index = 0;
        var lowest = 0;
        for (var i = 0; i < count; i++)
        {
            var step = steps[stepAt++];
            index += step + (i == 0 ? 0 : 1);
            var events = counts.Varint();
            if ((i > 0 && step < 0) || index is < SketchMath.LowestBucket or > SketchMath.HighestBucket || events is 0 or > uint.MaxValue)
            {
                throw new InvalidDataException($"a bucket {index} of {events}");
            }

            lowest = i == 0 ? (int)index : lowest;
            into.SetBucket((int)index, (uint)events);
            sum += (uint)events;
        }

        if (count > 0 && !Encloses(into, lowest, (int)index))
        {
            throw new InvalidDataException($"buckets {lowest} to {index} of values from {into.Min} to {into.Max}");
        }

        return sum;
    }

    // Readers cut buckets to the smallest and the largest value, so these must not lie inside.
    private static bool Encloses(DistributionCell cell, int lowest, int highest) =>
        cell.Min >= 0 && cell.Min <= cell.Max && double.IsFinite(cell.Max)
        && cell.Min <= SketchMath.UpperEdge(lowest) && cell.Max > SketchMath.LowerEdge(highest);
}
