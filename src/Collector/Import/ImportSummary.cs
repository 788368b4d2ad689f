using Kpi.Rollups.Intake;

namespace Kpi.Collector.Import;

/// <summary>What became of an import.</summary>
/// <param name="WasThere">The same files were imported whole before: nothing was done.</param>
/// <param name="GoesOn">An earlier run of the same files was cut off, and this one went on where it was.</param>
/// <param name="Bodies">Messages in the files.</param>
/// <param name="Intake">Counts of the whole file set, of what an earlier run had counted too.</param>
/// <param name="Malformed">Where the first malformed bodies lie, at most <see cref="MostPlaces"/>; they were left out.</param>
/// <param name="Refused">Increments that the store refused, as older than all it keeps.</param>
public sealed record ImportSummary(
    bool WasThere, bool GoesOn, long Bodies, IntakeTally Intake, IReadOnlyList<string> Malformed, long Refused)
{
    /// <summary>Places named at most.</summary>
    public const int MostPlaces = 10;

    internal static ImportSummary Nothing { get; } = new(true, false, 0, new IntakeTally(), [], 0);
}
