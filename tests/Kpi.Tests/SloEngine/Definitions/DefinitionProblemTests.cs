namespace Kpi.Tests.SloEngine.Definitions;

/// <summary>One mistake at a time in an otherwise good file: exactly one problem, at its place, with words that help.</summary>
public sealed class DefinitionProblemTests
{
    [Theory]
    [InlineData("excludeSynthetic: true", "excludeSynthetik: true", "1:1: the key 'excludeSynthetic' is missing",
        "4:1: unknown key 'excludeSynthetik'; here stand version, entryServices, excludedRoutes, excludeSynthetic, kpis")]
    [InlineData("version: 1", "version: 2", "1:10: this program reads version 1 of the format, found 2")]
    [InlineData("version: 1", "version: one", "1:10: 'version' is a whole number, 0 or more, found 'one'")]
    [InlineData("excludeSynthetic: true", "excludeSynthetic: maybe", "4:19: 'excludeSynthetic' is true or false, found 'maybe'")]
    [InlineData("excludeSynthetic: true", "excludeSynthetic: 'true'", "4:19: 'excludeSynthetic' is true or false, found 'true'")]
    [InlineData("[gateway]", "gateway", "2:16: 'entryServices' is a list, found 'gateway'")]
    [InlineData("[gateway]", "[gateway, {a: b}]", "2:26: 'entryServices' is a list of texts, found a mapping")]
    [InlineData("[/health]", "[/health, /live, /health]", "3:34: '/health' stands twice in 'excludedRoutes'")]
    [InlineData("    unit: s\n", "", "6:5: the key 'unit' is missing")]
    [InlineData("unit: s", "unit: ms", "8:11: the unit of kind 'quantile' is 's', found 'ms'")]
    [InlineData("name: P99 latency", "name:", "7:10: 'name' is a text, found nothing")]
    [InlineData("id: uptime", "id: p99_latency", "13:9: the KPI 'p99_latency' is defined twice")]
    [InlineData("id: uptime", "id: Up-time", "13:9: an id is made of a-z, 0-9 and _, found 'Up-time'")]
    [InlineData("kind: quantile", "kind: percentile",
        "9:11: unknown kind 'percentile'; kinds are quantile, error_ratio, uptime, mttr, cache_hit_ratio, churn, cost_per_user")]
    [InlineData("    kind: quantile\n", "", "6:5: the key 'kind' is missing")]
    [InlineData("quantile: 0.99", "quantile: 1", "11:15: a quantile lies between 0 and 1, both excluded; found '1'")]
    [InlineData("quantile: 0.99", "quantile: 99%", "11:15: 'quantile' is a number such as 0.99, found '99%'")]
    [InlineData("quantile: 0.99", "quantile: 0.99\n    abortLimit: 2", "12:17: 'abortLimit' is a ratio from 0 to 1; found '2'")]
    [InlineData("quantile: 0.99", "quantile: 0.99\n    guard: {quantile: 0.9, factor: 2}",
        "12:23: a guard's quantile is above the KPI's own 0.99; found '0.9'")]
    [InlineData("quantile: 0.99", "quantile: 0.99\n    guard: {quantile: 0.999, factor: 0.5}",
        "12:38: a guard's factor lies between 1 and 1,000; found '0.5'")]
    [InlineData("quantile: 0.99", "quantile: 0.99\n    guard: 3", "12:12: 'guard' is a mapping of keys to values, found '3'")]
    [InlineData("['{\"http.server.request.duration\"}']", "[]", "10:14: 'metrics' is empty: nothing would be measured")]
    [InlineData("1m: 100ms", "1m: 201ms", "12:30: the target of 1m (201ms) is laxer than that of 1k (200ms)")]
    [InlineData("1m: 99.99%", "1m: 99.8%", "17:30: the target of 1m (99.8%) is laxer than that of 1k (99.9%)")]
    [InlineData(", 1m: 100ms", "", "12:14: the key '1m' is missing")]
    [InlineData("1m: 100ms", "1m: 100ms, 2m: 50ms", "12:37: unknown key '2m'; here stand 1k, 1m")]
    [InlineData("200ms", "-200ms", "12:19: a duration is longer than zero, found '-200ms'")]
    [InlineData("200ms", "0s", "12:19: a duration is longer than zero, found '0s'")]
    [InlineData("99.9%", "0.999", "17:19: a ratio is written as a percentage such as 99.9%; found '0.999'")]
    [InlineData("99.9%", "100%", "17:19: a percentage lies between 0% and 100%, both excluded; found '100%'")]
    [InlineData("    unit: s\n", "    unit: s\n    unit: s\n", "9:5: the key 'unit' stands twice in this mapping")]
    [InlineData("quantile: 0.99", "quantile: 0.99\n    factor: 2",
        "12:5: unknown key 'factor'; here stand id, name, unit, kind, metrics, quantile, guard, "
        + "ownExcludedRoutes, abortLimit, counted, worstBy, targets")]
    public void In_kpis(string good, string bad, params string[] problems)
    {
        Assert.Contains(good, AlertsFolder.Kpis, StringComparison.Ordinal);
        using var folder = new AlertsFolder(kpis: ReplaceFirst(AlertsFolder.Kpis, good, bad));
        var reading = folder.Read();
        Assert.Null(reading.Definitions);
        Assert.Equal(problems.Select(problem => "kpis.yaml:" + problem), reading.Problems.Select(problem => problem.ToString()));
    }

    [Theory]
    [InlineData("users: null", "users: -5", "3:8: 'users' is a whole number, 0 or more, found '-5'")]
    [InlineData("id: 1m", "id: 1k", "6:10: the tier '1k' is defined twice")]
    [InlineData("1000000", "1000", "6:5: tiers stand in ascending order of users; 1,000 comes after 1,000")]
    [InlineData(", name: 1M", "", "6:5: the key 'name' is missing")]
    [InlineData("current: 1k\n", "", "1:1: the key 'current' is missing")]
    public void In_tiers(string good, string bad, string problem)
    {
        using var folder = new AlertsFolder(tiers: ReplaceFirst(AlertsFolder.Tiers, good, bad));
        Assert.Equal("tiers.yaml:" + problem, Assert.Single(folder.Read().Problems).ToString());
    }

    [Fact]
    public void An_empty_list_of_tiers_is_a_mistake()
    {
        using var folder = new AlertsFolder(tiers: "version: 1\ncurrent: 1k\ntiers: []\n");
        Assert.Equal("tiers.yaml:3:8: 'tiers' is empty", Assert.Single(folder.Read().Problems).ToString());
    }

    private static string ReplaceFirst(string text, string old, string replacement)
    {
        var at = text.IndexOf(old, StringComparison.Ordinal);
        return string.Concat(text.AsSpan(0, at), replacement, text.AsSpan(at + old.Length));
    }
}
