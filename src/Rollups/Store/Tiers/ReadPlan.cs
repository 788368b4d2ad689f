using Kpi.Rollups.Time;

namespace Kpi.Rollups.Store.Tiers;

/// <summary>Cells of a tier, <paramref name="First"/> to <paramref name="Last"/>, both inside.</summary>
internal readonly record struct PlannedCells(TimeTier Tier, int First, int Last)
{
    public SliceRange Span => new(TierMath.SpanOf(Tier, First).First, TierMath.SpanOf(Tier, Last).Last);
}

/// <summary>
/// Which tier answers for which part of a range. Cells of the wanted tier where there are whole ones; what is left at both ends by
/// finer tiers; what finer tiers have dropped already by coarser ones, as far as their cells lie wholly inside.
/// </summary>
internal static class ReadPlan
{
    /// <summary>Parts that do not overlap, in the order of time.</summary>
    public static IReadOnlyList<PlannedCells> Cover(SliceRange range, TimeTier wanted, TierReaches reaches)
    {
        TimeTier[] preferred = [.. TierMath.All.Where(t => t <= wanted).Reverse(), .. TierMath.All.Where(t => t > wanted)];
        var parts = new List<PlannedCells>();
        Cover(range.First.Number, range.Last.Number, preferred, reaches, parts);
        return parts;
    }

    // What a tier holds is one stretch, so taking its part leaves at most one stretch on either side.
    private static void Cover(int first, int last, ReadOnlySpan<TimeTier> preferred, TierReaches reaches, List<PlannedCells> parts)
    {
        if (first > last || preferred.IsEmpty)
        {
            return;
        }

        var tier = preferred[0];
        var reach = reaches[tier];
        var length = TierMath.SlicesOf(tier);
        var firstCell = TierMath.CellOf(tier, new Slice(Math.Max(Math.Max(first - 1, 0), reach.DroppedTo))) + 1;
        var lastCell = Math.Min(last, reach.RolledTo) / length;
        if (firstCell > lastCell)
        {
            Cover(first, last, preferred[1..], reaches, parts);
            return;
        }

        var part = new PlannedCells(tier, firstCell, lastCell);
        Cover(first, part.Span.First.Number - 1, preferred[1..], reaches, parts);
        parts.Add(part);
        if (part.Span.Last.Number < last)
        {
            Cover(part.Span.Last.Number + 1, last, preferred[1..], reaches, parts);
        }
    }
}
