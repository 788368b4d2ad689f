using Kpi.Rollups.Store.Blocks;
using Kpi.Rollups.Time;

namespace Kpi.Rollups.Store.Sqlite;

/// <summary>
/// The blocks whose totals foretell those of the blocks that follow them: one per shard, replaced every five minutes and at every hour,
/// so that a key and what builds on it are folded and dropped together. Bounded by the shards.
/// </summary>
internal sealed class CounterKeys
{
    private const int SlicesKept = 30;

    private readonly Dictionary<Shard, Kept> kept = [];

    /// <summary>The key for a block of a slice; number 0 when it is to become one itself.</summary>
    public (long Number, RawKey Totals) Of(Shard shard, Slice slice) =>
        kept.TryGetValue(shard, out var key) && slice.Number > key.Slice && slice.Number - key.Slice < SlicesKept && PeriodOf(slice) == PeriodOf(new Slice(key.Slice))
            ? (key.Number, key.Totals)
            : (0, RawKey.None);

    public void Note(Shard shard, Slice slice, long number, RawKey totals)
    {
        // A straggler of the slice before does not displace the key of the present one.
        if (!kept.TryGetValue(shard, out var before) || before.Slice < slice.Number)
        {
            kept[shard] = new Kept(slice.Number, number, totals);
        }
    }

    public void Forget() => kept.Clear();

    private static int PeriodOf(Slice slice) => TierMath.PeriodOf(TimeTier.Slices, slice.Number);

    private sealed record Kept(int Slice, long Number, RawKey Totals);
}
