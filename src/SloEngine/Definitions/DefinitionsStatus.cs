namespace Kpi.SloEngine.Definitions;

/// <summary>What is in force, published whole.</summary>
/// <param name="Current">The last good definitions.</param>
/// <param name="Version">1 at the start, one more with each new <paramref name="Current"/>.</param>
/// <param name="Problems">Why the files as they are now are not in force; empty when they are.</param>
public sealed record DefinitionsStatus(DefinitionSet Current, long Version, IReadOnlyList<DefinitionProblem> Problems);
