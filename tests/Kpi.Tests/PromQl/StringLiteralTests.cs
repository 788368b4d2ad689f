using Kpi.PromQl;

namespace Kpi.Tests.PromQl;

public class StringLiteralTests
{
    [Theory]
    [InlineData("\"\"", "")]
    [InlineData("''", "")]
    [InlineData("``", "")]
    [InlineData("\"it's `so`\"", "it's `so`")]
    [InlineData("'say \"so\"'", "say \"so\"")]
    [InlineData(@"`\n \x ""' raw`", @"\n \x ""' raw")]
    [InlineData("`two\nlines`", "two\nlines")]
    [InlineData(@"""\a\b\f\n\r\t\v\\\""""", "\a\b\f\n\r\t\v\\\"")]
    [InlineData(@"'\''", "'")]
    [InlineData(@"""\101\x42C\U00000044""", "ABCD")]
    [InlineData(@"""\000""", "\0")]
    [InlineData(@"""\xc3\xa9""", "é")]
    [InlineData(@"""\303\xA9x""", "éx")]
    [InlineData(@"""\U0001F600\xf0\x9f\x98\x80""", "\U0001F600\U0001F600")]
    [InlineData(@"""\\d+\\.""", @"\d+\.")]
    public void A_string_is_decoded(string literal, string value)
    {
        Assert.True(StringLiteral.TryDecode(literal, out var decoded, out var problem), problem.Message);
        Assert.Equal(value, decoded);
    }

    [Theory]
    [InlineData(@"""ab\d""", 3, "unknown escape \\d")]
    [InlineData(@"""\'""", 1, "only between ' quotes")]
    [InlineData(@"'\""'", 1, "only between \" quotes")]
    [InlineData(@"""\`""", 1, "unknown escape")]
    [InlineData(@"""\x4""", 1, "needs 2 digits of base 16")]
    [InlineData(@"""\x4g""", 1, "needs 2 digits of base 16")]
    [InlineData(@"""\u123""", 1, "needs 4 digits of base 16")]
    [InlineData(@"""\18x""", 1, "needs 3 digits of base 8")]
    [InlineData(@"""\400""", 1, "256, more than the 255")]
    [InlineData(@"""a\ud800b""", 2, "U+D800")]
    [InlineData(@"""\U00110000""", 1, "U+110000")]
    [InlineData(@"""\UFFFFFFFF""", 1, "U+FFFFFFFF")]
    [InlineData(@"""a\xff""", 2, "not valid UTF-8")]
    [InlineData(@"""\xc3é""", 1, "not valid UTF-8")]
    [InlineData(@"""\xc3\n\xa9""", 1, "not valid UTF-8")]
    [InlineData(@"""ok\x41\xed\xa0\x80""", 3, "not valid UTF-8")]
    public void A_bad_escape_is_a_problem_at_its_place(string literal, int offset, string message)
    {
        Assert.False(StringLiteral.TryDecode(literal, out _, out var problem));
        Assert.Contains(message, problem.Message, StringComparison.Ordinal);
        Assert.Equal(offset, problem.Offset);
    }

    [Fact]
    public void Half_a_surrogate_pair_is_a_problem_in_every_kind_of_string()
    {
        foreach (var quote in "\"'`")
        {
            Assert.False(StringLiteral.TryDecode($"{quote}ab\ud83d{quote}", out _, out var problem));
            Assert.Equal(3, problem.Offset);
        }
    }

    [Fact]
    public void A_selector_shows_the_place_of_the_escape_in_the_whole_text() =>
        Assert.Equal(7, Parsing.Error(@"up{a=""b\q""}").Offset);
}
