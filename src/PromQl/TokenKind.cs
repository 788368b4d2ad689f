namespace Kpi.PromQl;

/// <summary>The kinds of token a selector is made of; a full PromQL lexer splits <see cref="Other"/> further.</summary>
internal enum TokenKind
{
    /// <summary>The end of the text; a lexer answers it again and again.</summary>
    End,

    /// <summary><c>[a-zA-Z_:][a-zA-Z0-9_:]*</c>, keywords included: PromQL tells them apart by where they stand.</summary>
    Identifier,

    /// <summary>
    /// Identifiers joined by dots: not PromQL, but people write it. As one token the parser can say what to write instead.
    /// </summary>
    DottedName,

    /// <summary>A string with both of its quotes, its escapes not yet looked at.</summary>
    QuotedString,

    /// <summary>A string that reaches the end of its line (or, with backticks, of the text).</summary>
    UnterminatedString,

    /// <summary><c>{</c></summary>
    LeftBrace,

    /// <summary><c>}</c></summary>
    RightBrace,

    /// <summary><c>,</c></summary>
    Comma,

    /// <summary><c>=</c></summary>
    Equal,

    /// <summary><c>!=</c></summary>
    NotEqual,

    /// <summary><c>=~</c></summary>
    Regex,

    /// <summary><c>!~</c></summary>
    NotRegex,

    /// <summary>Any other character: of PromQL (<c>[ ( + @</c>, digits) or of nothing.</summary>
    Other,
}
