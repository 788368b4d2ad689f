using System.Runtime.CompilerServices;

namespace Kpi.Rollups.Cells;

/// <summary>
/// What one series saw in one slice: counts by value in scale-6 buckets and at declared edges. Mutable and reused; its owner
/// (a lane, a flush, a block reader) hands it to a visitor, who copies what it keeps. Cells of the same slice add up, so an
/// observation may lie in any of several.
/// </summary>
public sealed class DistributionCell
{
    // The fields of a cell and its place in the lane's list, measured roughly; buckets and edges come on top.
    private const int FixedBytes = 160;

    private readonly CellMemory memory;
    private uint[] buckets = [];
    private int firstBucket;
    private long[] atEdges = [];

    /// <summary>An empty cell whose memory is counted in <paramref name="memory"/>.</summary>
    internal DistributionCell(CellMemory memory)
    {
        this.memory = memory;
        memory.Add(FixedBytes);
    }

    /// <summary>Memory the cell takes, in bytes.</summary>
    internal int Bytes => FixedBytes + (atEdges.Length * sizeof(long)) + (buckets.Length * sizeof(uint));

    /// <summary>Edges counted exactly in this cell.</summary>
    public EdgeSet Edges { get; private set; } = EdgeSet.None;

    /// <summary>Observations, each by the number of events it stands for (sampled spans stand for several).</summary>
    public long Count { get; internal set; }

    /// <summary>Observations as they came, each once: the size of the sample behind <see cref="Count"/>.</summary>
    public long Observed { get; internal set; }

    /// <summary>Sum of the squares of the events that each observation stands for: <c>Count² / SquaredWeights</c> is the sample's effective size.</summary>
    public UInt128 SquaredWeights { get; internal set; }

    /// <summary>Part of <see cref="Count"/> that has no value: a span that ends before it starts.</summary>
    public long Valueless { get; internal set; }

    /// <summary>Part of <see cref="Count"/> that is exactly zero.</summary>
    public long Zeros { get; internal set; }

    /// <summary>Sum of the values.</summary>
    public FixedSum Sum { get; internal set; }

    /// <summary>Smallest value; +∞ without values.</summary>
    public double Min { get; internal set; } = double.PositiveInfinity;

    /// <summary>Largest value; −∞ without values.</summary>
    public double Max { get; internal set; } = double.NegativeInfinity;

    /// <summary>Index of the first entry of <see cref="Buckets"/>.</summary>
    public int FirstBucket => firstBucket;

    /// <summary>Counts of the buckets from <see cref="FirstBucket"/> on.</summary>
    public ReadOnlySpan<uint> Buckets => buckets;

    /// <summary>Counts between the edges: entry <c>i</c> for values in <c>(edge[i−1], edge[i]]</c>; what lies above the last edge is not among them.</summary>
    public ReadOnlySpan<long> AtEdges => atEdges.AsSpan(0, Edges.Edges.Length);

    /// <summary>Empties the cell for a new use; bucket memory stays.</summary>
    internal void Reset(EdgeSet edges)
    {
        Edges = edges;
        if (atEdges.Length < edges.Edges.Length)
        {
            memory.Add((edges.Edges.Length - atEdges.Length) * sizeof(long));
            atEdges = new long[edges.Edges.Length];
        }

        Array.Clear(atEdges);
        Array.Clear(buckets);
        Count = Observed = Valueless = Zeros = 0;
        SquaredWeights = 0;
        Sum = FixedSum.Zero;
        Min = double.PositiveInfinity;
        Max = double.NegativeInfinity;
    }

    /// <summary>
    /// Adds a duration of a series in seconds. False, and nothing is added, when a bucket would overflow: the owner then
    /// starts another cell for the same slice.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool TryAdd(long nanos, uint weight)
    {
        var seconds = nanos / 1e9;
        if (nanos > 0)
        {
            var at = SketchMath.IndexOf(seconds) - firstBucket;
            if ((uint)at >= (uint)buckets.Length)
            {
                at = MakeRoom(at + firstBucket);
            }

            ref var bucket = ref buckets[at];
            if (bucket > uint.MaxValue - weight)
            {
                return false;
            }

            bucket += weight;
        }
        else
        {
            Zeros += weight;
        }

        var edgeNanos = Edges.Nanos;
        for (var i = 0; i < edgeNanos.Length; i++)
        {
            if (nanos <= edgeNanos[i])
            {
                atEdges[i] += weight;
                break;
            }
        }

        Count += weight;
        Observed++;
        SquaredWeights += (ulong)weight * weight;
        Sum = new FixedSum(Sum.Nanos + (Int128)Math.BigMul((ulong)nanos, (ulong)weight));
        if (seconds < Min)
        {
            Min = seconds;
        }

        if (seconds > Max)
        {
            Max = seconds;
        }

        return true;
    }

    /// <summary>Adds observations that have no value.</summary>
    internal void AddValueless(uint weight)
    {
        Count += weight;
        Observed++;
        SquaredWeights += (ulong)weight * weight;
        Valueless += weight;
    }

    /// <summary>
    /// Adds a cell of the same edges. False, and nothing is added, when a bucket would overflow: both then stay for themselves.
    /// </summary>
    internal bool TryAdd(DistributionCell other)
    {
        if (!HasRoomFor(other))
        {
            return false;
        }

        for (var i = 0; i < other.buckets.Length; i++)
        {
            if (other.buckets[i] != 0)
            {
                SetBucket(other.firstBucket + i, BucketAt(other.firstBucket + i) + other.buckets[i]);
            }
        }

        for (var i = 0; i < AtEdges.Length; i++)
        {
            atEdges[i] += other.atEdges[i];
        }

        Count += other.Count;
        Observed += other.Observed;
        SquaredWeights += other.SquaredWeights;
        Valueless += other.Valueless;
        Zeros += other.Zeros;
        Sum += other.Sum;
        Min = Math.Min(Min, other.Min);
        Max = Math.Max(Max, other.Max);
        return true;
    }

    /// <summary>Sets the count between two edges; for the reader of stored cells.</summary>
    internal void SetAtEdge(int index, long count) => atEdges[index] = count;

    /// <summary>Sets a bucket; for the reader of stored cells.</summary>
    internal void SetBucket(int index, uint count)
    {
        var at = index - firstBucket;
        if ((uint)at >= (uint)buckets.Length)
        {
            at = MakeRoom(index);
        }

        buckets[at] = count;
    }

    private bool HasRoomFor(DistributionCell other)
    {
        for (var i = 0; i < other.buckets.Length; i++)
        {
            if (BucketAt(other.firstBucket + i) > uint.MaxValue - other.buckets[i])
            {
                return false;
            }
        }

        return true;
    }

    internal uint BucketAt(int index)
    {
        var at = index - firstBucket;
        return (uint)at < (uint)buckets.Length ? buckets[at] : 0;
    }

    /// <summary>Grows by whole octaves so that <paramref name="index"/> has a place; returns the place. A double spans 2,098 octaves at most.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private int MakeRoom(int index)
    {
        var octave = index & -SketchMath.BucketsPerOctave;
        var first = buckets.Length == 0 ? octave : Math.Min(firstBucket, octave);
        var end = Math.Max(buckets.Length == 0 ? octave : firstBucket + buckets.Length, octave + SketchMath.BucketsPerOctave);
        var grown = new uint[end - first];
        memory.Add((grown.Length - buckets.Length) * sizeof(uint));
        buckets.CopyTo(grown, buckets.Length == 0 ? 0 : firstBucket - first);
        buckets = grown;
        firstBucket = first;
        return index - first;
    }
}
