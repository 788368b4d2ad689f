namespace Kpi.SloEngine.Definitions;

/// <summary>What a reading of the alerts folder gave: definitions, or all problems.</summary>
public sealed class DefinitionsReading
{
    internal DefinitionsReading(DefinitionSet? definitions, IReadOnlyList<DefinitionProblem> problems, DefinitionFiles files)
    {
        Definitions = definitions;
        Problems = problems;
        Files = files;
    }

    /// <summary>The definitions; null exactly when there are problems.</summary>
    public DefinitionSet? Definitions { get; }

    /// <summary>Every problem found, by file and line; empty when all is well.</summary>
    public IReadOnlyList<DefinitionProblem> Problems { get; }

    /// <summary>The bytes this was read from, so that a watch can tell whether they have changed.</summary>
    internal DefinitionFiles Files { get; }
}
