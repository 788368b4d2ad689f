using Kpi.Rollups.Time;

namespace Kpi.Rollups.Store.Tiers;

/// <summary>
/// The reach of every tier at one moment. No tier drops what the next coarser one has not taken yet, and none is rolled further than
/// the one it is rolled from; so at every moment each slice that is held anywhere can be read somewhere.
/// </summary>
internal sealed class TierReaches
{
    /// <summary>A store's before anything is in it.</summary>
    public static readonly TierReaches None =
        new([.. TierMath.All.Select(t => new TierReach(t, t == TimeTier.Slices ? int.MaxValue : 0, 0))]);

    private readonly TierReach[] reaches;

    private TierReaches(TierReach[] reaches) => this.reaches = reaches;

    public TierReach this[TimeTier tier] => reaches[(int)tier - 1];

    /// <summary>What lies at or before this slice is in no tier any more and is refused.</summary>
    public int RefusedTo => reaches.Min(r => r.DroppedTo);

    /// <summary>Whether the increments of a slice go straight into the 10 s tier, from where they are rolled up; else they are late.</summary>
    public bool IsFresh(Slice slice) => slice.Number > this[TimeTier.Minutes].RolledTo;

    /// <summary>How far a tier may be dropped: to where the next coarser one has it. The last tier may be dropped whole.</summary>
    public int MostDropped(TimeTier tier) => tier == TimeTier.Days ? this[tier].RolledTo : this[tier + 1].RolledTo;

    public TierReaches With(TierReach reach)
    {
        TierReach[] changed = [.. reaches];
        changed[(int)reach.Tier - 1] = reach;
        return new TierReaches(changed);
    }
}
