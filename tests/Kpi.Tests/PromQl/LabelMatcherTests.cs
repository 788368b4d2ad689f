using Kpi.PromQl;

namespace Kpi.Tests.PromQl;

public class LabelMatcherTests
{
    [Theory]
    [InlineData(MatchOperation.Equal, "a", "a", true)]
    [InlineData(MatchOperation.Equal, "a", "A", false)]
    [InlineData(MatchOperation.NotEqual, "a", "a", false)]
    [InlineData(MatchOperation.NotEqual, "a", "b", true)]
    [InlineData(MatchOperation.Regex, "5..", "503", true)]
    [InlineData(MatchOperation.Regex, "5..", "404", false)]
    [InlineData(MatchOperation.NotRegex, "5..", "503", false)]
    [InlineData(MatchOperation.NotRegex, "5..", "404", true)]
    public void Each_operation_compares_in_its_way(MatchOperation operation, string value, string label, bool matches) =>
        Assert.Equal(matches, Parsing.Matcher("x", operation, value).Matches(label));

    [Theory]
    [InlineData(MatchOperation.Equal, "", true)]
    [InlineData(MatchOperation.Equal, "a", false)]
    [InlineData(MatchOperation.NotEqual, "", false)]
    [InlineData(MatchOperation.NotEqual, "a", true)]
    [InlineData(MatchOperation.Regex, "", true)]
    [InlineData(MatchOperation.Regex, ".*", true)]
    [InlineData(MatchOperation.Regex, ".+", false)]
    [InlineData(MatchOperation.Regex, "cluster|", true)]
    [InlineData(MatchOperation.Regex, "a*", true)]
    [InlineData(MatchOperation.NotRegex, "a+", true)]
    [InlineData(MatchOperation.NotRegex, ".*", false)]
    public void A_missing_label_is_the_empty_string(MatchOperation operation, string value, bool matches)
    {
        var matcher = Parsing.Matcher("x", operation, value);
        Assert.Equal(matches, matcher.Matches(null));
        Assert.Equal(matches, matcher.Matches(""));
    }

    [Theory]
    [InlineData("", MatchOperation.Equal, "x", "must not be empty")]
    [InlineData("a", MatchOperation.Regex, "*", "nothing to repeat")]
    public void A_matcher_that_cannot_be_is_refused_with_a_reason(string name, MatchOperation operation, string value, string reason)
    {
        Assert.False(LabelMatcher.TryCreate(name, operation, value, out _, out var problem));
        Assert.Contains(reason, problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Half_a_surrogate_pair_is_refused_in_name_and_value()
    {
        Assert.False(LabelMatcher.TryCreate("a\ud800", MatchOperation.Equal, "x", out _, out _));
        Assert.False(LabelMatcher.TryCreate("a", MatchOperation.NotEqual, "\udc00", out _, out _));
    }

    [Fact]
    public void A_bad_regular_expression_is_plain_text_to_an_equality() =>
        Assert.True(Parsing.Matcher("a", MatchOperation.Equal, "(*").Matches("(*"));
}
