using System.Numerics;
using System.Runtime.InteropServices;
using Kpi.Rollups.Cells;

namespace Kpi.Rollups.Store.Blocks;

/// <summary>A bucket whose count is another than in the cell below.</summary>
internal readonly record struct BucketChange(int Index, uint Before, uint Now)
{
    public long Difference => (long)Now - Before;
}

/// <summary>The buckets in which a cell differs from the one it is written on top of, ascending. Reused from cell to cell.</summary>
internal sealed class BucketChanges
{
    // A change on top of a cell also has to say where it is, which gaps alone tell too cheaply.
    private const int BitsOfPlace = 2;

    private readonly List<BucketChange> changes = [];

    public ReadOnlySpan<BucketChange> All => CollectionsMarshal.AsSpan(changes);

    public int Count => changes.Count;

    /// <summary>The first bucket; 0 without any.</summary>
    public int Lowest => Count == 0 ? 0 : changes[0].Index;

    /// <summary>The last bucket; 0 without any.</summary>
    public int Highest => Count == 0 ? 0 : changes[^1].Index;

    /// <summary>About how many bits they will take.</summary>
    public int Bits { get; private set; }

    /// <summary>Finds them; on top of nothing these are all buckets that count something.</summary>
    public BucketChanges Find(DistributionCell? below, DistributionCell cell)
    {
        changes.Clear();
        Bits = 0;
        var old = below is null ? [] : below.Buckets;
        var now = cell.Buckets;
        var oldFirst = old.IsEmpty ? cell.FirstBucket : below!.FirstBucket;
        var nowFirst = now.IsEmpty ? oldFirst : cell.FirstBucket;
        var end = Math.Max(oldFirst + old.Length, nowFirst + now.Length);
        for (var index = Math.Min(oldFirst, nowFirst); index < end; index++)
        {
            var (before, after) = (At(old, index - oldFirst), At(now, index - nowFirst));
            if (before != after)
            {
                Add(new BucketChange(index, before, after), isOnTop: below is not null);
            }
        }

        return this;
    }

    private static uint At(ReadOnlySpan<uint> buckets, int at) => (uint)at < (uint)buckets.Length ? buckets[at] : 0;

    private void Add(BucketChange change, bool isOnTop)
    {
        Bits += Count == 0 ? 0 : BitsOf((ulong)(change.Index - Highest - 1));
        Bits += 1 + (isOnTop ? BitsOf(ByteSink.ToZigzag(change.Difference)) + BitsOfPlace : BitsOf(change.Now));
        changes.Add(change);
    }

    private static int BitsOf(ulong value) => 64 - BitOperations.LeadingZeroCount(value);
}
