using Kpi.Rollups.Identity;
using Kpi.SloEngine.Definitions.Yaml;

namespace Kpi.SloEngine.Definitions;

/// <summary><c>labels.yaml</c> → <see cref="LabelPolicy"/>.</summary>
internal static class LabelPolicyReader
{
    /// <summary>The policy, or null with all problems noted.</summary>
    public static LabelPolicy? Read(YamlTree root, ProblemList problems)
    {
        if (SpecMap.Of(root, "the file", problems) is not { } spec)
        {
            return null;
        }

        SpecFormat.ReadVersion(spec);
        var rules = new List<LabelRule>();
        foreach (var item in spec.Maps("metrics", required: false))
        {
            var metric = item.Text("metric");
            var rule = new LabelRule(metric?.Value ?? "", Names(item, "drop"), Names(item, "hash"), Limits(item, problems));
            item.RefuseOthers();
            if (metric is not null && metric.Value.IndexOf('*', StringComparison.Ordinal) is var star && star >= 0 && star < metric.Value.Length - 1)
            {
                problems.Add(metric.Place, $"a '*' stands at the end of a metric's name only, found {metric.Called}");
            }

            if (rule.Drop.Count + rule.Hash.Count + rule.Limit.Count == 0)
            {
                problems.Add(item.Place, "a rule says what to 'drop', 'hash' or 'limit'");
            }

            rules.Add(rule);
        }

        spec.RefuseOthers();
        return problems.Count == 0 ? new LabelPolicy(rules) : null;
    }

    private static List<string> Names(SpecMap spec, string key) => [.. spec.Texts(key, required: false).Select(t => t.Value)];

    private static Dictionary<string, int> Limits(SpecMap spec, ProblemList problems)
    {
        var limits = new Dictionary<string, int>(StringComparer.Ordinal);
        if (spec.Tree("limit", required: false) is not { } tree || SpecMap.Of(tree, "'limit'", problems) is not { } labels)
        {
            return limits;
        }

        foreach (var label in labels.Keys)
        {
            if (labels.Whole(label) is not { } most)
            {
                continue;
            }

            if (most is < 1 or > LabelRule.MostValues)
            {
                problems.Add(tree.Place, $"'{label}' tells 1 to {LabelRule.MostValues:N0} values apart, found {most}");
            }

            limits[label] = (int)Math.Clamp(most, 1, LabelRule.MostValues);
        }

        return limits;
    }
}
