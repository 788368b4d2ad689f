using Kpi.Rollups.Time;

namespace Kpi.Rollups.Store.Tiers;

/// <summary>
/// What a tier holds: all slices after <paramref name="DroppedTo"/>, up to and including <paramref name="RolledTo"/>. Both lie on edges of
/// the tier; the 10 s tier is rolled to the end of time.
/// </summary>
internal readonly record struct TierReach(TimeTier Tier, int RolledTo, int DroppedTo)
{
    public bool Holds(Slice slice) => slice.Number > DroppedTo && slice.Number <= RolledTo;
}
