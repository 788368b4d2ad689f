using System.Diagnostics.CodeAnalysis;

namespace Kpi.PromQl;

/// <summary>The walk over the tokens of one selector: <c>[name] [ "{" item { "," item } [","] "}" ]</c>.</summary>
internal ref struct SelectorReader
{
    private readonly ReadOnlySpan<char> text;
    private readonly List<LabelMatcher> matchers = []; // Bounded by the length of the text.
    private Lexer lexer;
    private Token token;
    private string? nameBefore; // The metric name in front of the brace.
    private string? nameWithin; // The bare string in the braces.
    private Problem problem;

    public SelectorReader(ReadOnlySpan<char> text)
    {
        this.text = text;
        lexer = new Lexer(text);
        token = lexer.Next();
    }

    /// <summary>Reads the selector and makes sure that nothing follows it.</summary>
    public bool TryRead([NotNullWhen(true)] out VectorSelector? selector, out Problem problem)
    {
        selector = null;
        var start = token.Start;
        if (ReadName() && ReadBraces() && ReadEnd() && !VectorSelector.TryCreate(matchers, out selector, out var message))
        {
            Fail(start, message);
        }

        problem = this.problem;
        return selector is not null;
    }

    private readonly string Found => token.Kind == TokenKind.End ? "the end of the text" : $"'{Problem.Echo(Text(token))}'";

    private bool ReadName()
    {
        switch (token.Kind)
        {
            case TokenKind.LeftBrace:
                return true;
            case TokenKind.End:
                return Fail(token.Start, "the selector is empty");
            case TokenKind.DottedName:
                return Fail(
                    token.Start,
                    $$"""a metric name with dots needs quotes and braces; quote it: {"{{Problem.Echo(Text(token))}}"}""");
            case TokenKind.QuotedString:
                return Fail(token.Start, $$"""a quoted metric name stands within braces: {{{Problem.Echo(Text(token))}}}""");
            case TokenKind.UnterminatedString:
                return FailUnterminated();
            case TokenKind.Identifier:
                nameBefore = Text(token).ToString();
                return CanonicalText.IsReserved(nameBefore)
                    ? Fail(token.Start, $$"""'{{nameBefore}}' is a word of PromQL; as a metric name quote it: {"{{nameBefore}}"}""")
                    : AddMatcher(LabelMatcher.MetricNameLabel, MatchOperation.Equal, nameBefore, token) && Advance();
            default:
                return Fail(
                    token.Start,
                    $$"""found {{Found}} where a metric name or '{' was expected; only one instant-vector selector is taken here""");
        }
    }

    private bool ReadBraces()
    {
        if (token.Kind != TokenKind.LeftBrace)
        {
            return true;
        }

        Advance();
        while (token.Kind != TokenKind.RightBrace)
        {
            if (!ReadItem())
            {
                return false;
            }

            if (token.Kind == TokenKind.Comma)
            {
                Advance();
            }
            else if (token.Kind != TokenKind.RightBrace)
            {
                return FailExpected("',' or '}'");
            }
        }

        return Advance();
    }

    /// <summary>A matcher, or the metric name as a bare string.</summary>
    private bool ReadItem()
    {
        var name = token;
        if (!ReadLabelName(out var label))
        {
            return false;
        }

        if (name.Kind == TokenKind.QuotedString && token.Kind is TokenKind.Comma or TokenKind.RightBrace or TokenKind.End)
        {
            return ReadNameWithin(name, label);
        }

        if (Operation() is not { } operation)
        {
            return FailExpected("'=', '!=', '=~' or '!~'");
        }

        if (label.Length == 0)
        {
            return Fail(name.Start, "a label name must not be empty");
        }

        Advance();
        var value = token;
        if (value.Kind != TokenKind.QuotedString)
        {
            return FailExpected("a quoted value");
        }

        if (label == LabelMatcher.MetricNameLabel && nameBefore is not null)
        {
            return FailTwice(name, nameBefore, Problem.Echo(Text(value)));
        }

        return Decode(value, out var decoded) && Advance() && AddMatcher(label, operation, decoded, value);
    }

    private bool ReadLabelName([NotNullWhen(true)] out string? name)
    {
        name = null;
        switch (token.Kind)
        {
            case TokenKind.QuotedString:
                return Decode(token, out name) && Advance();
            case TokenKind.DottedName:
            case TokenKind.Identifier when Text(token).Contains(':'):
                return Fail(token.Start, $"a label name with dots or colons needs quotes; quote it: \"{Problem.Echo(Text(token))}\"");
            case TokenKind.Identifier:
                name = Text(token).ToString();
                return Advance();
            default:
                return FailExpected("a label name or '}'");
        }
    }

    private bool ReadNameWithin(Token token, string name)
    {
        if ((nameBefore ?? nameWithin) is { } other)
        {
            return FailTwice(token, other, Problem.Echo(Text(token)));
        }

        nameWithin = name;
        return AddMatcher(LabelMatcher.MetricNameLabel, MatchOperation.Equal, name, token);
    }

    private bool ReadEnd() => token.Kind == TokenKind.End
        || Fail(
            token.Start,
            $"found {Found} behind the selector; only one instant-vector selector is taken here: no range, modifier, function or operator");

    private readonly MatchOperation? Operation() => token.Kind switch
    {
        TokenKind.Equal => MatchOperation.Equal,
        TokenKind.NotEqual => MatchOperation.NotEqual,
        TokenKind.Regex => MatchOperation.Regex,
        TokenKind.NotRegex => MatchOperation.NotRegex,
        _ => null,
    };

    private bool AddMatcher(string name, MatchOperation operation, string value, Token place)
    {
        if (!LabelMatcher.TryCreate(name, operation, value, out var matcher, out var problem))
        {
            return Fail(place.Start, problem);
        }

        matchers.Add(matcher);
        return true;
    }

    private bool Decode(Token token, [NotNullWhen(true)] out string? value) =>
        StringLiteral.TryDecode(Text(token), out value, out var problem) || Fail(token.Start + problem.Offset, problem.Message);

    private readonly ReadOnlySpan<char> Text(Token token) => text.Slice(token.Start, token.Length);

    private bool Advance()
    {
        token = lexer.Next();
        return true;
    }

    private bool FailExpected(string expected) => token.Kind == TokenKind.UnterminatedString
        ? FailUnterminated()
        : Fail(token.Start, $"found {Found} where {expected} was expected within the braces");

    private bool FailUnterminated() => Fail(token.Start, $"the string lacks its closing {text[token.Start]}");

    private bool FailTwice(Token second, string name, string otherName) =>
        Fail(second.Start, $"metric name must not be set twice: \"{Problem.Echo(name)}\" or {otherName}");

    private bool Fail(int offset, string message)
    {
        problem = new Problem(offset, message);
        return false;
    }
}
