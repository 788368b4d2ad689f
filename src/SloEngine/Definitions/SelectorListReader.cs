using Kpi.SloEngine.Definitions.Yaml;

namespace Kpi.SloEngine.Definitions;

/// <summary>A key whose value is a list of PromQL selectors.</summary>
/// <param name="selectorProblem">What is wrong with a selector; null when nothing is.</param>
/// <param name="problems">Where mistakes are noted.</param>
internal sealed class SelectorListReader(Func<string, string?> selectorProblem, ProblemList problems)
{
    /// <summary>The selectors as written; what is wrong with them is noted, and an empty list is a mistake.</summary>
    public IReadOnlyList<string> Read(SpecMap spec, string key, bool required = true)
    {
        var selectors = spec.Texts(key, required);
        if (spec.Tree(key, required: false) is YamlList { Items.Count: 0 } empty)
        {
            problems.Add(empty.Place, $"'{key}' is empty: nothing would be measured");
        }

        foreach (var selector in selectors)
        {
            if (selectorProblem(selector.Value) is { } problem)
            {
                problems.Add(selector.Place, $"not a selector: {problem}");
            }
        }

        return [.. selectors.Select(selector => selector.Value)];
    }
}
