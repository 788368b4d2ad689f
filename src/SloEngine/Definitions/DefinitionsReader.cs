using Kpi.Rollups.Identity;
using Kpi.SloEngine.Definitions.Yaml;
using Kpi.SloEngine.Tiers;

namespace Kpi.SloEngine.Definitions;

/// <summary>Reads <c>tiers.yaml</c>, <c>kpis.yaml</c> and, if there is one, <c>labels.yaml</c>, and reports every mistake in them at once. Has no state.</summary>
/// <param name="selectorProblem">Says what is wrong with the text of a PromQL selector; null when nothing is.</param>
public sealed class DefinitionsReader(Func<string, string?> selectorProblem)
{
    /// <summary>Reads the files in a folder. Never throws for what stands, or does not stand, in it.</summary>
    public DefinitionsReading Read(string alertsFolder) => Read(DefinitionFiles.Read(alertsFolder));

    internal DefinitionsReading Read(DefinitionFiles files)
    {
        var tierProblems = new ProblemList(files.Tiers.Name);
        var kpiProblems = new ProblemList(files.Kpis.Name);
        TierCatalogue? tiers = Tree(files.Tiers, tierProblems) is { } tiersRoot ? TierCatalogueReader.Read(tiersRoot, tierProblems) : null;
        var kpis = Tree(files.Kpis, kpiProblems) is { } kpisRoot
            ? new KpiCatalogueReader(tiers, selectorProblem, kpiProblems).Read(kpisRoot)
            : null;
        var labelProblems = new ProblemList(DefinitionFiles.LabelsName);
        var labels = files.Labels is not { } policy ? LabelPolicy.None
            : Tree(policy, labelProblems) is { } labelsRoot ? LabelPolicyReader.Read(labelsRoot, labelProblems)
            : null;
        var definitions = tiers is null || kpis is null || labels is null ? null : new DefinitionSet(kpis, tiers) { Labels = labels };
        return new DefinitionsReading(definitions, [.. kpiProblems.InFileOrder(), .. tierProblems.InFileOrder(), .. labelProblems.InFileOrder()], files);
    }

    private static YamlTree? Tree(DefinitionFile file, ProblemList problems)
    {
        if (file.Refusal is { } refusal)
        {
            problems.Add(YamlPlace.Start, refusal);
            return null;
        }

        if (file.Text() is { } text)
        {
            return YamlTreeReader.Read(text, problems);
        }

        problems.Add(YamlPlace.Start, "the file is not UTF-8");
        return null;
    }
}
