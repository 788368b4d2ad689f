using Kpi.Rollups.Time;

namespace Kpi.Rollups.Coverage;

/// <summary>
/// What a flush adds to the masks, and also what a store gives back. Adding the same again, or in another order, changes nothing.
/// </summary>
/// <param name="Up">Slices in which the writer was up, or proved it by a body that it took.</param>
/// <param name="Missed">Slices in which it turned a sender away for want of room, or began anew.</param>
/// <param name="Heard">Slices in which sources were heard; a source may occur several times.</param>
/// <param name="Reach">Slices of a source this far apart, and those between them, count as one range: idle, not silent.</param>
public sealed record CoverageIncrement(
    IReadOnlyList<SliceRange> Up, IReadOnlyList<SliceRange> Missed, IReadOnlyList<HeardSlices> Heard, int Reach)
{
    /// <summary>Adds nothing.</summary>
    public static readonly CoverageIncrement None = new([], [], [], 1);
}

/// <summary>Slices in which a source was heard.</summary>
public readonly record struct HeardSlices(SourceIdentity Source, SliceRange Slices);
