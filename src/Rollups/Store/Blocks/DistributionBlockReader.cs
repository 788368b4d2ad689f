using System.IO.Compression;
using Kpi.Rollups.Cells;

namespace Kpi.Rollups.Store.Blocks;

/// <summary>Reads blocks of distribution cells, cell by cell. Reused from block to block; one thread.</summary>
internal sealed class DistributionBlockReader(Func<int, EdgeSet> edgeSetOf)
{
    private const int MostBuckets = SketchMath.HighestBucket - SketchMath.LowestBucket + 1;
    private const int FirstRoom = 64 << 10;

    // Where each column goes on in the plain bytes, and where it ends.
    private readonly (int At, int End)[] columns = new (int, int)[Enum.GetValues<DistributionColumn>().Length];
    private byte[] plain = [];
    private int plainBytes;
    private int next;
    private int edgeSet;
    private long inBuckets;
    private int anchor;

    /// <summary>Places of the cells of the block opened.</summary>
    public CellPlaces Places { get; } = new();

    /// <summary>The cell last read, valid until the next; the next may be written on top of it, so it is not to be changed.</summary>
    public DistributionCell Cell { get; } = new(new CellMemory());

    /// <summary>Begins a block; then one <see cref="ReadNext"/> for each of its places.</summary>
    public void Open(ReadOnlySpan<byte> body)
    {
        var source = new ByteSource(body);
        var version = source.Byte();
        if (version != BlockFormat.DistributionVersion)
        {
            throw new InvalidDataException($"a block of distributions of version {version}");
        }

        Places.Read(ref source, seriesFirst: true);
        Inflate(source.Bounded(BlockFormat.MostPlainBytes * 2), source.Bytes(source.Left));
        var cells = new ByteSource(plain.AsSpan(0, plainBytes));
        for (var i = 0; i < columns.Length; i++)
        {
            var length = cells.Bounded(plainBytes);
            columns[i].At = plainBytes - cells.Left;
            cells.Bytes(length);
            columns[i].End = plainBytes - cells.Left;
        }

        cells.ExpectEnd();
        next = anchor = 0;
        ExpectEnd();
    }

    /// <summary>Reads the next cell into <see cref="Cell"/>.</summary>
    /// <returns>The number of its edge set.</returns>
    public int ReadNext()
    {
        var sets = From(DistributionColumn.EdgeSets);
        var set = sets.Bounded(int.MaxValue);
        Keep(DistributionColumn.EdgeSets, sets);
        var heads = From(DistributionColumn.Heads);
        var head = heads.Bounded((MostBuckets << 1) | 1);
        Keep(DistributionColumn.Heads, heads);
        var isOnTop = (head & 1) != 0;
        if (!isOnTop)
        {
            Cell.Reset(edgeSetOf(set));
            inBuckets = 0;
        }
        else if (next == 0 || Places.Ranks[next] != Places.Ranks[next - 1] || set != edgeSet)
        {
            throw new InvalidDataException("a cell on top of one of another series or edge set");
        }

        edgeSet = set;
        Fill(head >> 1, isOnTop);
        next++;
        ExpectEnd();
        return set;
    }

    private ByteSource From(DistributionColumn column) => new(plain.AsSpan(columns[(int)column].At..columns[(int)column].End));

    private void Keep(DistributionColumn column, in ByteSource source) => columns[(int)column].At = columns[(int)column].End - source.Left;

    private void ExpectEnd()
    {
        if (next == Places.Count && Array.Exists(columns, c => c.At != c.End))
        {
            throw new InvalidDataException("something behind the last cell");
        }
    }

    private void Fill(int changes, bool isOnTop)
    {
        var totals = From(DistributionColumn.Totals);
        Cell.Valueless = totals.Count();
        var (before, zeros) = (Cell.Zeros, totals.Count());
        Cell.Zeros = zeros;
        var (sampled, squares) = (totals.Zigzag(), totals.LongVarint());
        Keep(DistributionColumn.Totals, totals);

        Span<long> atEdges = stackalloc long[EdgeSet.MostEdges];
        atEdges = atEdges[..Cell.AtEdges.Length];
        Cell.AtEdges.CopyTo(atEdges);
        var forecast = new DistributionForecast(Cell.Edges, Cell.Sum.Nanos, atEdges);
        forecast.Zeros(zeros - before);
        ReadBuckets(changes, isOnTop, ref forecast);
        var sums = From(DistributionColumn.Sums);
        Cell.Sum = new FixedSum(unchecked(forecast.Sum + sums.LongZigzag()));
        Keep(DistributionColumn.Sums, sums);
        var within = ReadAtEdges(atEdges);

        var count = (Int128)Cell.Valueless + zeros + inBuckets;
        var observed = count - sampled;
        if (count > long.MaxValue || observed < 0 || observed > long.MaxValue || within > count - Cell.Valueless)
        {
            throw new InvalidDataException($"a cell of {count} events, {observed} observed, {within} within edges");
        }

        Cell.Count = (long)count;
        Cell.Observed = (long)observed;
        Cell.SquaredWeights = unchecked(squares + (UInt128)count);
        ReadExtremes(isOnTop);
    }

    private void ReadBuckets(int changes, bool isOnTop, ref DistributionForecast forecast)
    {
        var places = From(DistributionColumn.Places);
        var counts = From(DistributionColumn.Counts);
        long index = anchor - 1;
        for (var i = 0; i < changes; i++)
        {
            var step = places.Zigzag();
            index = unchecked(index + step + 1);
            if ((i > 0 && step < 0) || index is < SketchMath.LowestBucket or > SketchMath.HighestBucket)
            {
                throw new InvalidDataException($"a bucket {index}");
            }

            long before = isOnTop ? Cell.BucketAt((int)index) : 0;
            var now = isOnTop ? unchecked(before + counts.Zigzag()) : counts.Count();
            if (now is < 0 or > uint.MaxValue || now == before)
            {
                throw new InvalidDataException($"a bucket {index} of {before} and then {now}");
            }

            Cell.SetBucket((int)index, (uint)now);
            inBuckets += now - before;
            forecast.Bucket((int)index, now - before);
        }

        Keep(DistributionColumn.Places, places);
        Keep(DistributionColumn.Counts, counts);
    }

    private Int128 ReadAtEdges(ReadOnlySpan<long> foretold)
    {
        var source = From(DistributionColumn.AtEdges);
        Int128 within = 0;
        for (var i = 0; i < foretold.Length; i++)
        {
            var count = unchecked(foretold[i] + source.Zigzag());
            within += count >= 0 ? count : throw new InvalidDataException($"{count} events at an edge");
            Cell.SetAtEdge(i, count);
        }

        Keep(DistributionColumn.AtEdges, source);
        return within;
    }

    private void ReadExtremes(bool isOnTop)
    {
        if (inBuckets == 0 && Cell.Zeros == 0)
        {
            (Cell.Min, Cell.Max) = (double.PositiveInfinity, double.NegativeInfinity);
            return;
        }

        var lowest = 0;
        var highest = 0;
        if (inBuckets > 0)
        {
            lowest = anchor = Cell.FirstBucket + Cell.Buckets.IndexOfAnyExcept(0u);
            highest = Cell.FirstBucket + Cell.Buckets.LastIndexOfAnyExcept(0u);
        }

        var source = From(DistributionColumn.Extremes);
        Cell.Min = ValueOf(ref source, isOnTop ? Cell.Min : DistributionForecast.Smallest(Cell, inBuckets, lowest));
        Cell.Max = ValueOf(ref source, isOnTop ? Cell.Max : DistributionForecast.Largest(Cell, inBuckets, highest));
        Keep(DistributionColumn.Extremes, source);
        if (inBuckets > 0 && !Encloses(Cell, lowest, highest))
        {
            throw new InvalidDataException($"buckets {lowest} to {highest} of values from {Cell.Min} to {Cell.Max}");
        }
    }

    private static double ValueOf(ref ByteSource source, double foretold)
    {
        var code = source.Varint();
        return code switch
        {
            0 => foretold,
            1 => source.Double(),
            _ when (code & 1) == 0 => unchecked(BucketNanos.Near(foretold) + ByteSource.FromZigzag(code >> 1)) / 1e9,
            _ => throw new InvalidDataException($"a value {code}"),
        };
    }

    // Readers cut buckets to the smallest and the largest value, so these must not lie inside.
    private static bool Encloses(DistributionCell cell, int lowest, int highest) =>
        cell.Min >= 0 && cell.Min <= cell.Max && double.IsFinite(cell.Max)
        && cell.Min <= SketchMath.UpperEdge(lowest) && cell.Max > SketchMath.LowerEdge(highest);

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
}
