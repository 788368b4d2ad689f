using System.Diagnostics.CodeAnalysis;

namespace Kpi.PromQl;

/// <summary>The walk over the tokens of one selector: <c>[name] [ "{" item { "," item } [","] "}" ]</c>.</summary>
internal ref struct SelectorReader
{
    private readonly ReadOnlySpan<char> _text;
    private readonly List<LabelMatcher> _matchers = []; // Bounded by the length of the text.
    private Lexer _lexer;
    private Token _token;
    private string? _nameBefore; // The metric name in front of the brace.
    private string? _nameWithin; // The bare string in the braces.
    private Problem _problem;

    public SelectorReader(ReadOnlySpan<char> text)
    {
        _text = text;
        _lexer = new Lexer(text);
        _token = _lexer.Next();
    }

    /// <summary>Reads the selector and makes sure that nothing follows it.</summary>
    public bool TryRead([NotNullWhen(true)] out VectorSelector? selector, out Problem problem)
    {
        selector = null;
        var start = _token.Start;
        if (ReadName() && ReadBraces() && ReadEnd() && !VectorSelector.TryCreate(_matchers, out selector, out var message))
        {
            Fail(start, message);
        }

        problem = _problem;
        return selector is not null;
    }

    private readonly string Found => _token.Kind == TokenKind.End ? "the end of the text" : $"'{Problem.Echo(Text(_token))}'";

    private bool ReadName()
    {
        switch (_token.Kind)
        {
            case TokenKind.LeftBrace:
                return true;
            case TokenKind.End:
                return Fail(_token.Start, "the selector is empty");
            case TokenKind.DottedName:
                return Fail(
                    _token.Start,
                    $$"""a metric name with dots needs quotes and braces; quote it: {"{{Problem.Echo(Text(_token))}}"}""");
            case TokenKind.QuotedString:
                return Fail(_token.Start, $$"""a quoted metric name stands within braces: {{{Problem.Echo(Text(_token))}}}""");
            case TokenKind.UnterminatedString:
                return FailUnterminated();
            case TokenKind.Identifier:
                _nameBefore = Text(_token).ToString();
                return CanonicalText.IsReserved(_nameBefore)
                    ? Fail(_token.Start, $$"""'{{_nameBefore}}' is a word of PromQL; as a metric name quote it: {"{{_nameBefore}}"}""")
                    : AddMatcher(LabelMatcher.MetricNameLabel, MatchOperation.Equal, _nameBefore, _token) && Advance();
            default:
                return Fail(
                    _token.Start,
                    $$"""found {{Found}} where a metric name or '{' was expected; only one instant-vector selector is taken here""");
        }
    }

    private bool ReadBraces()
    {
        if (_token.Kind != TokenKind.LeftBrace)
        {
            return true;
        }

        Advance();
        while (_token.Kind != TokenKind.RightBrace)
        {
            if (!ReadItem())
            {
                return false;
            }

            if (_token.Kind == TokenKind.Comma)
            {
                Advance();
            }
            else if (_token.Kind != TokenKind.RightBrace)
            {
                return FailExpected("',' or '}'");
            }
        }

        return Advance();
    }

    /// <summary>A matcher, or the metric name as a bare string.</summary>
    private bool ReadItem()
    {
        var name = _token;
        if (!ReadLabelName(out var text))
        {
            return false;
        }

        if (name.Kind == TokenKind.QuotedString && _token.Kind is TokenKind.Comma or TokenKind.RightBrace or TokenKind.End)
        {
            return ReadNameWithin(name, text);
        }

        if (Operation() is not { } operation)
        {
            return FailExpected("'=', '!=', '=~' or '!~'");
        }

        if (text.Length == 0)
        {
            return Fail(name.Start, "a label name must not be empty");
        }

        Advance();
        var value = _token;
        if (value.Kind != TokenKind.QuotedString)
        {
            return FailExpected("a quoted value");
        }

        if (text == LabelMatcher.MetricNameLabel && _nameBefore is not null)
        {
            return FailTwice(name, _nameBefore, Problem.Echo(Text(value)));
        }

        return Decode(value, out var decoded) && Advance() && AddMatcher(text, operation, decoded, value);
    }

    private bool ReadLabelName([NotNullWhen(true)] out string? name)
    {
        name = null;
        switch (_token.Kind)
        {
            case TokenKind.QuotedString:
                return Decode(_token, out name) && Advance();
            case TokenKind.DottedName:
            case TokenKind.Identifier when Text(_token).Contains(':'):
                return Fail(_token.Start, $"a label name with dots or colons needs quotes; quote it: \"{Problem.Echo(Text(_token))}\"");
            case TokenKind.Identifier:
                name = Text(_token).ToString();
                return Advance();
            default:
                return FailExpected("a label name or '}'");
        }
    }

    private bool ReadNameWithin(Token token, string name)
    {
        if ((_nameBefore ?? _nameWithin) is { } other)
        {
            return FailTwice(token, other, Problem.Echo(Text(token)));
        }

        _nameWithin = name;
        return AddMatcher(LabelMatcher.MetricNameLabel, MatchOperation.Equal, name, token);
    }

    private bool ReadEnd() => _token.Kind == TokenKind.End
        || Fail(
            _token.Start,
            $"found {Found} behind the selector; only one instant-vector selector is taken here: no range, modifier, function or operator");

    private readonly MatchOperation? Operation() => _token.Kind switch
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

        _matchers.Add(matcher);
        return true;
    }

    private bool Decode(Token token, [NotNullWhen(true)] out string? value) =>
        StringLiteral.TryDecode(Text(token), out value, out var problem) || Fail(token.Start + problem.Offset, problem.Message);

    private readonly ReadOnlySpan<char> Text(Token token) => _text.Slice(token.Start, token.Length);

    private bool Advance()
    {
        _token = _lexer.Next();
        return true;
    }

    private bool FailExpected(string expected) => _token.Kind == TokenKind.UnterminatedString
        ? FailUnterminated()
        : Fail(_token.Start, $"found {Found} where {expected} was expected within the braces");

    private bool FailUnterminated() => Fail(_token.Start, $"the string lacks its closing {_text[_token.Start]}");

    private bool FailTwice(Token second, string name, string otherName) =>
        Fail(second.Start, $"metric name must not be set twice: \"{Problem.Echo(name)}\" or {otherName}");

    private bool Fail(int offset, string message)
    {
        _problem = new Problem(offset, message);
        return false;
    }
}
