using System.Diagnostics;
using Kpi.PromQl.Patterns;

namespace Kpi.Tests.PromQl.Patterns;

public class ValuePatternTests
{
    [Theory]
    [InlineData("api", "api", "xapi apix API")]
    [InlineData("a|b|c", "a b c", "ab d a|b")]
    [InlineData("a.c|b", "abc b", "abcb xabc bx")]
    [InlineData("ab?", "a ab", "xab abb")]
    [InlineData("(a|b)c", "ac bc", "a c xac")]
    [InlineData("^abc$", "abc", "xabc")]
    [InlineData("5..", "500 5xx", "50 5000")]
    [InlineData("/api.*", "/api /api/v1", "x/api")]
    [InlineData(@"\d+", "42 0", "४२ x")]
    [InlineData(@"\w+", "a_Z9", "é a-b")]
    [InlineData(@"\W", "- é", "a _")]
    [InlineData(@"[\w-]+", "a-b _", "a.b")]
    [InlineData(@"[^\d]", "a é", "1")]
    [InlineData(@"[\D]", "a é", "1")]
    [InlineData("[[:alpha:]]+", "abC", "a1 : [")]
    [InlineData("[[:^digit:]x]+", "abx", "1")]
    [InlineData("[a-z-[b]]", "b] a] -] []", "a b")]
    [InlineData("[]a]", "] a", "b")]
    [InlineData("[^]a]", "b", "] a")]
    [InlineData("[a-]", "a -", "b")]
    [InlineData("(?i)abc", "ABC aBc", "abd")]
    [InlineData("a(?i:b)c", "abc aBc", "ABC")]
    [InlineData("(?P<name>a)(?<other>b)", "ab", "a")]
    [InlineData(@"\Qa.b*\E+", "a.b* a.b**", "axb")]
    [InlineData(@"\x41\x{42}\.", "AB.", "ABx")]
    [InlineData("a{2,3}", "aa aaa", "a aaaa")]
    [InlineData("a{,3}", "a{,3}", "a aa")]
    [InlineData("{a}", "{a}", "a")]
    [InlineData(@"\pL\p{Lu}\PL", "aA1 éÉ-", "aa1")]
    [InlineData("é+", "éé", "e")]
    [InlineData("\U0001F600+", "\U0001F600\U0001F600", "\U0001F601")]
    public void A_regular_expression_matches_the_whole_value_as_in_Prometheus(string regex, string matching, string others)
    {
        var pattern = Pattern(regex);
        Assert.All(matching.Split(' '), value => Assert.True(pattern.IsMatch(value), value));
        Assert.All(others.Split(' '), value => Assert.False(pattern.IsMatch(value), value));
    }

    [Theory]
    [InlineData("a")]
    [InlineData("a|b")]
    [InlineData("[a]")]
    [InlineData("a$")]
    public void A_line_feed_at_the_end_is_a_character_like_any_other(string regex) => Assert.False(Pattern(regex).IsMatch("a\n"));

    [Theory]
    [InlineData(".*")]
    [InlineData(".+")]
    [InlineData("a.b")]
    [InlineData("a.+b")]
    public void A_dot_matches_a_line_feed(string regex) => Assert.True(Pattern(regex).IsMatch("a\nb"));

    [Theory]
    [InlineData("", true)]
    [InlineData(".*", true)]
    [InlineData("a|", true)]
    [InlineData("|a", true)]
    [InlineData("a||b", true)]
    [InlineData("a*", true)]
    [InlineData("()", true)]
    [InlineData(".+", false)]
    [InlineData("a|b", false)]
    [InlineData(".", false)]
    public void An_empty_value_matches_only_what_may_be_empty(string regex, bool matches) =>
        Assert.Equal(matches, Pattern(regex).IsMatch(""));

    [Theory]
    [InlineData("(", "character 2: a ) is missing")]
    [InlineData("a)", "character 2: a ) without its (")]
    [InlineData("a)|(b", "character 2: a ) without its (")]
    [InlineData("[a", "character 1: a ] is missing")]
    [InlineData("[z-a]", "character 2: a range")]
    [InlineData("[[:foo:]]", "character 2: unknown class")]
    [InlineData("x\\", "character 2: unknown escape")]
    [InlineData(@"(a)\1", "character 4: unknown escape")]
    [InlineData(@"\Z", "unknown escape")]
    [InlineData(@"[\b]", "unknown escape")]
    [InlineData(@"\x4", "hexadecimal")]
    [InlineData(@"\x{110000}", "hexadecimal")]
    [InlineData("(?=a)", "after (? only")]
    [InlineData("(?<!a>)", "bad name")]
    [InlineData("(?>a)", "after (? only")]
    [InlineData("(?#a)", "after (? only")]
    [InlineData("(?x)a", "after (? only")]
    [InlineData("(?)a", "flags")]
    [InlineData("*a", "nothing to repeat")]
    [InlineData("a**", "follows a quantifier")]
    [InlineData("a{3,2}", "minimum is above")]
    [InlineData("a{1001}", "more than 1000")]
    [InlineData("a{99999999999}", "more than 1000")]
    [InlineData("((a{100}){10}){2}", "more than 1000")]
    [InlineData(@"\p{Nonsense}", "unknown Unicode class")]
    [InlineData("[\U0001F600]", "above U+FFFF")]
    public void A_bad_regular_expression_is_a_problem(string regex, string problem)
    {
        Assert.False(ValuePattern.TryParse(regex, out _, out var found));
        Assert.Contains(problem, found, StringComparison.Ordinal);
    }

    [Fact]
    public void A_regular_expression_is_at_most_a_thousand_characters_long()
    {
        Assert.True(Pattern(new string('.', ValuePattern.MaxPatternLength)).IsMatch(new string('x', 1_000)));
        Assert.False(ValuePattern.TryParse(new string('.', ValuePattern.MaxPatternLength + 1), out _, out var problem));
        Assert.Contains("1001", problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("(a+)+b")]
    [InlineData("(a|aa)*b")]
    [InlineData("(.*a){500}")]
    [InlineData(".*a.{900}b")]
    [InlineData("((a?){30}){30}b")]
    public void Hostile_regular_expressions_take_no_exponential_time(string regex)
    {
        var watch = Stopwatch.StartNew();
        Assert.False(Pattern(regex).IsMatch(new string('a', 400) + "c"));
        Assert.True(watch.Elapsed < TimeSpan.FromMinutes(1), $"{watch.Elapsed}");
    }

    [Fact]
    public void Deeply_nested_groups_are_read() => Assert.True(Pattern(new string('(', 499) + "a." + new string(')', 499)).IsMatch("ab"));

    private static ValuePattern Pattern(string regex)
    {
        Assert.True(ValuePattern.TryParse(regex, out var pattern, out var problem), problem);
        return pattern;
    }
}
