using Kpi.SloEngine.Definitions.Yaml;
using Kpi.SloEngine.Kpis;

namespace Kpi.SloEngine.Definitions;

/// <summary>The part of a KPI that depends on its kind → <see cref="KpiRule"/>.</summary>
internal sealed class KpiRuleReader(Func<string, string?> selectorProblem, ProblemList problems)
{
    private readonly SelectorListReader selectors = new(selectorProblem, problems);

    /// <summary>The rule, or null with all problems noted.</summary>
    public KpiRule? Read(SpecMap spec, KpiKind kind)
    {
        var before = problems.Count;
        KpiRule? rule = kind.Name switch
        {
            KpiKind.Quantile => Quantile(spec),
            KpiKind.ErrorRatio => ErrorRatio(spec),
            KpiKind.CacheHitRatio => new CacheHitRuleReader(selectors, problems).Read(spec),
            _ => new UnmeasuredRule(kind.Name, kind.Better),
        };
        return problems.Count == before ? rule : null;
    }

    /// <summary>With an unknown kind every kind's keys may be meant: only the kind is reported.</summary>
    public static void AskForEveryKey(SpecMap spec)
    {
        string[] keys =
        [
            "metrics", "quantile", "guard", "ownExcludedRoutes", "abortLimit", "counted", "worstBy", "reads", "loads", "bypasses", "layers",
        ];
        foreach (var key in keys)
        {
            spec.Tree(key, required: false);
        }
    }

    private QuantileRule? Quantile(SpecMap spec)
    {
        var metrics = selectors.Read(spec, "metrics");
        var quantile = QuantileIn(spec);
        var guard = Guard(spec, quantile);
        var routes = spec.Texts("ownExcludedRoutes", required: false);
        var abortLimit = AbortLimit(spec);
        var counted = spec.Text("counted", required: false);
        var worstBy = spec.Text("worstBy", required: false);
        return quantile is null ? null : new QuantileRule
        {
            Metrics = metrics,
            Quantile = quantile.Value,
            Guard = guard,
            OwnExcludedRoutes = [.. routes.Select(route => route.Value)],
            AbortLimit = abortLimit,
            Counted = counted?.Value ?? "requests",
            WorstBy = worstBy?.Value,
        };
    }

    private ErrorRatioRule ErrorRatio(SpecMap spec) => new()
    {
        Metrics = selectors.Read(spec, "metrics"),
        AbortLimit = AbortLimit(spec),
        Counted = spec.Text("counted", required: false)?.Value ?? "requests",
    };

    private double? QuantileIn(SpecMap spec)
    {
        var quantile = spec.Number("quantile");
        if (quantile is <= 0 or >= 1)
        {
            problems.Add(spec.Tree("quantile")!.Place, $"a quantile lies between 0 and 1, both excluded; found '{quantile}'");
            return null;
        }

        return quantile;
    }

    private QuantileGuard? Guard(SpecMap spec, double? headline)
    {
        if (spec.Tree("guard", required: false) is not { } value || SpecMap.Of(value, "'guard'", problems) is not { } guard)
        {
            return null;
        }

        var quantile = QuantileIn(guard);
        var factor = guard.Number("factor");
        guard.RefuseOthers();
        if (factor is < 1 or > 1000)
        {
            problems.Add(guard.Tree("factor")!.Place, $"a guard's factor lies between 1 and 1,000; found '{factor}'");
        }

        if (quantile <= headline)
        {
            problems.Add(guard.Tree("quantile")!.Place, $"a guard's quantile is above the KPI's own {headline}; found '{quantile}'");
        }

        return quantile is null || factor is null ? null : new QuantileGuard(quantile.Value, factor.Value);
    }

    private double? AbortLimit(SpecMap spec)
    {
        var limit = spec.Number("abortLimit", required: false);
        if (limit is < 0 or > 1)
        {
            problems.Add(spec.Tree("abortLimit")!.Place, $"'abortLimit' is a ratio from 0 to 1; found '{limit}'");
        }

        return limit;
    }
}
