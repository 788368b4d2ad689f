using System.Text;
using Kpi.Collector.Doors;

namespace Kpi.Tests.Collector.Doors;

/// <summary>Section 1.10 of the ingest reference: the file of tokens.</summary>
public sealed class TokenBookTests
{
    private const string One = "0123456789abcdef";
    private const string Two = "dGhpcyBpcyBhIHRva2Vu==";

    [Fact]
    public void Tokens_stand_in_lines_with_names_or_without_among_comments()
    {
        var book = Parse($"# senders\r\n\r\n  shop-1: {Two}\r\n{One}\r\n  # the end");
        Assert.Equal(2, book.Count);
        Assert.Equal("shop-1", book.Find(Two)!.Name);
        Assert.Null(book.Find(One)!.Name);
        Assert.NotEqual(book.Find(One)!.Fingerprint, book.Find(Two)!.Fingerprint);
    }

    [Theory]
    [InlineData("")]
    [InlineData("0123456789abcde")]
    [InlineData("0123456789abcdeF")]
    [InlineData("0123456789abcdef ")]
    [InlineData("0123456789abcdef0")]
    [InlineData("shop:0123456789abcdef")]
    public void Nothing_but_the_token_is_the_token(string other) => Assert.Null(Parse($"shop: {One}").Find(other));

    [Fact]
    public void A_token_longer_than_any_is_nobodys() => Assert.Null(Parse(One).Find(new string('a', 100_000)));

    [Fact]
    public void A_fingerprint_is_that_of_the_token_and_not_of_its_line() =>
        Assert.Equal(Parse(One).Find(One)!.Fingerprint, Parse($"{Two}\nshop: {One}").Find(One)!.Fingerprint);

    [Theory]
    [InlineData("", "there is no token")]
    [InlineData("# 0123456789abcdef", "there is no token")]
    [InlineData("\n0123456789abcde", "line 2: the token has 15 characters; it must have 16 to 512")]
    [InlineData("0123456789abcdef\n0123456789abcdef", "line 2: the token stands in an earlier line already")]
    [InlineData("0123456789 abcdef", "line 1: the token has a character")]
    [InlineData("0123456789äbcdef", "line 1: the token has a character")]
    [InlineData("a name: 0123456789abcdef", "line 1: what stands before the colon is no name")]
    [InlineData(": 0123456789abcdef", "line 1: what stands before the colon is no name")]
    public void What_is_wrong_is_named_by_line_and_never_by_token(string file, string said)
    {
        var wrong = Assert.Throws<InvalidDataException>(() => Parse(file)).Message;
        Assert.StartsWith(said, wrong, StringComparison.Ordinal);
        Assert.DoesNotContain("0123456789", wrong, StringComparison.Ordinal);
    }

    [Fact]
    public void A_thousand_tokens_are_taken_and_one_more_is_not()
    {
        var lines = Enumerable.Range(0, TokenBook.MostTokens + 1).Select(i => $"{i:d16}").ToList();
        Assert.Equal(TokenBook.MostTokens, Parse(string.Join('\n', lines.Take(TokenBook.MostTokens))).Count);
        Assert.Contains("more than 1000", Assert.Throws<InvalidDataException>(() => Parse(string.Join('\n', lines))).Message, StringComparison.Ordinal);
    }

    private static TokenBook Parse(string file) => TokenBook.Parse(Encoding.UTF8.GetBytes(file));
}
