using Kpi.Rollups.Identity;
using Kpi.SloEngine.Definitions;
using Kpi.SloEngine.Definitions.Yaml;

namespace Kpi.Tests.SloEngine.Definitions;

public sealed class LabelPolicyReaderTests
{
    [Fact]
    public void Rules_are_read_in_their_order()
    {
        var policy = Read("""
            version: 1
            metrics:
              - metric: http.server.request.duration
                drop: [user.id, session.id]
                limit: {url.template: 200}
              - metric: shop.*
                hash: [customer.email]
            """, out var problems);
        Assert.Empty(problems);
        Assert.Equal(["http.server.request.duration", "shop.*"], policy!.Rules.Select(r => r.Metric));
        Assert.Equal(["user.id", "session.id"], policy.Rules[0].Drop);
        Assert.Equal(200, policy.Rules[0].Limit["url.template"]);
        Assert.Equal(["customer.email"], policy.Rules[1].Hash);
    }

    [Theory]
    [InlineData("metric: a*b\n    drop: [x]", "a '*' stands at the end")]
    [InlineData("metric: a", "what to 'drop', 'hash' or 'limit'")]
    [InlineData("metric: a\n    limit: {b: 0}", "1 to 10,000 values apart, found 0")]
    [InlineData("metric: a\n    limit: {b: some}", "'b' is a whole number")]
    [InlineData("metric: a\n    drop: [x]\n    keep: [y]", "unknown key 'keep'")]
    public void A_mistake_is_named_with_its_place(string rule, string message)
    {
        Assert.Null(Read($"version: 1\nmetrics:\n  - {rule}", out var problems));
        Assert.Contains(problems, p => p.Message.Contains(message, StringComparison.Ordinal) && p.File == "labels.yaml" && p.Line >= 3);
    }

    private static LabelPolicy? Read(string text, out IReadOnlyList<DefinitionProblem> problems)
    {
        var list = new ProblemList("labels.yaml");
        var policy = LabelPolicyReader.Read(YamlTreeReader.Read(text, list)!, list);
        problems = list.InFileOrder();
        return policy;
    }
}
