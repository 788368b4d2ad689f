using Kpi.Rollups.Identity;
using Kpi.Rollups.Time;

namespace Kpi.Rollups.Store;

/// <summary>What a read asks for.</summary>
/// <param name="Range">Slices; a start that is on no edge of <paramref name="Step"/> is answered by finer cells while these are kept.</param>
/// <param name="Step">
/// Cells at most this long, where cells as fine are still kept; longer ones where they are not. A window that is only summed up is
/// read fastest by <see cref="TimeTier.Days"/>.
/// </param>
/// <param name="Only">
/// These series alone, at most a few thousand: the store then reads little else. Null is all. The visitor is asked in either case.
/// </param>
public sealed record CellQuery(SliceRange Range, TimeTier Step, IReadOnlyCollection<Series>? Only = null)
{
    /// <summary>The trailing window that ends at the next 10 s edge; its start snaps by <see cref="TierMath.SnapOf"/> and decides the step.</summary>
    public static CellQuery Trailing(UnixNanos now, TimeSpan length)
    {
        var step = TierMath.SnapOf(length);
        return new CellQuery(TierMath.SnapStart(SliceRange.EndingAt(now, length), step), step);
    }
}
