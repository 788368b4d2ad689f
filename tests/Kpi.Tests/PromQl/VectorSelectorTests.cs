using FsCheck;
using FsCheck.Fluent;
using Kpi.PromQl;

namespace Kpi.Tests.PromQl;

public class VectorSelectorTests
{
    private static readonly string[] LabelNames =
        ["__name__", "a", "job", "on", "http.route", "a:b", "1st", "ключ", "\U0001F600", "a\"b\\c\n"];
    private static readonly string[] Regexes = ["", ".*", ".+", "a|b|", "5..", "(5..|429)", @"\d+\.\w", "[^a]+", "/api.*", "(?i)x"];

    private static readonly Gen<string> AnyText = ArbMap.Default.GeneratorFor<string>()
        .Select(text => text ?? "")
        .Where(text => !text.EnumerateRunes().Contains(System.Text.Rune.ReplacementChar));

    private static readonly Gen<LabelMatcher> AnyMatcher =
        from name in Gen.Elements(LabelNames)
        from operation in Gen.Elements(Enum.GetValues<MatchOperation>())
        from text in AnyText
        from regex in Gen.Elements(Regexes)
        select Parsing.Matcher(name, operation, operation is MatchOperation.Equal or MatchOperation.NotEqual ? text : regex);

    [Fact]
    public void The_canonical_text_parses_back_to_an_equal_selector_of_the_same_text() =>
        Prop.ForAll(
            Gen.ArrayOf(AnyMatcher).ToArbitrary(),
            matchers =>
            {
                if (!VectorSelector.TryCreate(matchers, out var selector, out _))
                {
                    return matchers.All(matcher => matcher.Matches(null));
                }

                var again = Parsing.Selector(selector.ToString());
                return again.Equals(selector) && again.ToString() == selector.ToString();
            }).Check(Config.QuickThrowOnFailure.WithMaxTest(1_000));

    [Fact]
    public void Any_text_survives_as_metric_name_label_name_and_value() =>
        Prop.ForAll(
            AnyText.Where(text => text.Length > 0).ToArbitrary(),
            text =>
            {
                var quoted = CanonicalText.Quote(text);
                var selector = Parsing.Selector($"{{{quoted},{CanonicalText.Quote(text + "x")}={quoted}}}");
                return selector.MetricName == text
                    && selector.Matchers[1].Name == text + "x"
                    && Parsing.Selector(selector.ToString()).Equals(selector);
            }).Check(Config.QuickThrowOnFailure.WithMaxTest(1_000));

    [Fact]
    public void A_series_passes_when_every_matcher_does()
    {
        var selector = Parsing.Selector("http_requests_total{job=\"api\",code=~\"5..\",canary!=\"true\",route!~\"/debug.*\"}");
        var series = new Dictionary<string, string>
        {
            ["__name__"] = "http_requests_total",
            ["job"] = "api",
            ["code"] = "503",
            ["route"] = "/",
        };
        Assert.True(selector.Matches(series.GetValueOrDefault));
        (string, string)[] changes = [("__name__", "up"), ("job", "web"), ("code", "200"), ("canary", "true"), ("route", "/debug/x")];
        foreach (var (name, value) in changes)
        {
            var other = new Dictionary<string, string>(series) { [name] = value };
            Assert.False(selector.Matches(other.GetValueOrDefault), name);
        }

        series.Remove("job");
        Assert.False(selector.Matches(series.GetValueOrDefault));
    }
}
