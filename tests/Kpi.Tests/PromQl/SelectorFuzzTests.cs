using Kpi.PromQl;

namespace Kpi.Tests.PromQl;

public class SelectorFuzzTests
{
    private const string Alphabet = "ab_:.09{}\"'`=!~,#\\ \n\r\txuU07dwpPQE()[]|*+?^$-<>@é\ud83d\ude00\0";

    private static readonly string[] Seeds =
    [
        "up",
        "http_requests_total{job=\"api\", code=~\"5..|429\", a!='b', c!~`[[:alpha:]]+x{2,3}`,} # end",
        "{\"http.server.request.duration\", \"http.route\"=~\"/a(?:b|\\\\d+)?(?P<n>[^a-z\\\\W])\", "
            + "x=\"\\xc3\\xa9\\u00e9\\U0001F600\\101\"}",
        "{a=~\"(?i)\\\\Qa.b\\\\E\\\\pL\\\\p{Lu}\\\\x{1F600}\\\\x41[\\\\x{41}-z\\\\D]$\"}",
    ];

    [Fact]
    public void Random_text_is_a_selector_or_an_error()
    {
        var random = new Random(20260101);
        for (var round = 0; round < 50_000; round++)
        {
            Try(string.Create(random.Next(24), random, (span, r) =>
            {
                foreach (ref var c in span)
                {
                    c = Alphabet[r.Next(Alphabet.Length)];
                }
            }));
        }
    }

    [Fact]
    public void Mutated_selectors_are_selectors_or_errors()
    {
        var random = new Random(20260102);
        for (var round = 0; round < 1_500; round++)
        {
            var text = Seeds[random.Next(Seeds.Length)];
            for (var edits = random.Next(1, 5); edits > 0; edits--)
            {
                var at = random.Next(text.Length + 1);
                var cut = random.Next(Math.Min(3, text.Length - at) + 1);
                text = text.Remove(at, cut).Insert(at, random.Next(3) == 0 ? "" : Alphabet[random.Next(Alphabet.Length)].ToString());
            }

            Try(text);
        }
    }

    [Fact]
    public void Random_regular_expressions_compile_and_match_or_are_errors()
    {
        const string Pieces = @"ab()|*+?{2,}[]^$.\dwWpLxQEz-:?P<n>is1ߘ";
        var random = new Random(20260103);
        for (var round = 0; round < 10_000; round++)
        {
            var regex = string.Concat(Enumerable.Range(0, random.Next(14)).Select(_ => Pieces[random.Next(Pieces.Length)]));
            Try($"up{{a=~`{regex}`}}");
        }
    }

    [Fact]
    public void Every_beginning_of_a_selector_is_a_selector_or_an_error()
    {
        foreach (var seed in Seeds)
        {
            for (var length = 0; length <= seed.Length; length++)
            {
                Try(seed[..length]);
            }
        }
    }

    [Fact]
    public void The_lexer_moves_forward_until_the_end()
    {
        var random = new Random(20260104);
        for (var round = 0; round < 10_000; round++)
        {
            var text = string.Concat(Enumerable.Range(0, 20).Select(_ => Alphabet[random.Next(Alphabet.Length)]));
            var lexer = new Lexer(text);
            var end = 0;
            for (var token = lexer.Next(); token.Kind != TokenKind.End; token = lexer.Next())
            {
                Assert.True(token.Start >= end && token.Length > 0 && token.End <= text.Length);
                end = token.End;
            }

            Assert.Equal(TokenKind.End, lexer.Next().Kind);
        }
    }

    private static void Try(string text)
    {
        if (SelectorParser.TryParse(text, out var selector, out var error))
        {
            Assert.Null(error);
            Assert.Equal(selector, Parsing.Selector(selector.ToString()));
            selector.Matches(name => name == "__name__" ? null : "ab\ud83d1");
        }
        else
        {
            Assert.InRange(error.Offset, 0, text.Length);
            Assert.True(error.Line >= 1 && error.Column >= 1 && error.Message.Length > 0);
        }
    }
}
