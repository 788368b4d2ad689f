using Kpi.SloEngine.Definitions.Yaml;

namespace Kpi.SloEngine.Definitions;

/// <summary>Collects the problems of one file, so that its author sees all of them at once; at most <see cref="MaxProblems"/>.</summary>
internal sealed class ProblemList(string file)
{
    /// <summary>More than one can mend in a sitting; a file of rubbish must not fill the page.</summary>
    public const int MaxProblems = 100;

    private readonly List<DefinitionProblem> problems = []; // bounded by MaxProblems, plus the line that says so

    /// <summary>How many were found, listed or not: tells whether a step found any.</summary>
    public int Count { get; private set; }

    public void Add(YamlPlace place, string message)
    {
        Count++;
        if (problems.Count < MaxProblems)
        {
            problems.Add(new DefinitionProblem(file, place.Line, place.Column, message));
        }
        else if (problems.Count == MaxProblems)
        {
            problems.Add(new DefinitionProblem(
                file, place.Line, place.Column, $"more than {MaxProblems} problems; the rest is not listed"));
        }
    }

    /// <summary>In the order of the file.</summary>
    public IReadOnlyList<DefinitionProblem> InFileOrder() => [.. problems.OrderBy(problem => (problem.Line, problem.Column))];
}
