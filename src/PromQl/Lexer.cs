namespace Kpi.PromQl;

/// <summary>Cuts PromQL text into tokens. White space and <c># comments</c> up to the end of the line lie between them.</summary>
/// <remarks>Every call of <see cref="Next"/> before the end moves forward by at least one character, so a loop over it ends.</remarks>
internal ref struct Lexer(ReadOnlySpan<char> text)
{
    private readonly ReadOnlySpan<char> text = text;
    private int position;

    /// <summary>The next token, <see cref="TokenKind.End"/> once the text is used up.</summary>
    public Token Next()
    {
        SkipBlanks();
        if (position == text.Length)
        {
            return new Token(TokenKind.End, position, 0);
        }

        var first = text[position];
        return first switch
        {
            '{' => Take(TokenKind.LeftBrace, 1),
            '}' => Take(TokenKind.RightBrace, 1),
            ',' => Take(TokenKind.Comma, 1),
            '=' when CharAt(1) == '~' => Take(TokenKind.Regex, 2),
            '=' => Take(TokenKind.Equal, 1),
            '!' when CharAt(1) == '~' => Take(TokenKind.NotRegex, 2),
            '!' when CharAt(1) == '=' => Take(TokenKind.NotEqual, 2),
            '"' or '\'' => TakeQuoted(first),
            '`' => TakeRaw(),
            _ when IsNameStart(first) => TakeName(),
            _ when char.IsHighSurrogate(first) && char.IsLowSurrogate(CharAt(1)) => Take(TokenKind.Other, 2),
            _ => Take(TokenKind.Other, 1),
        };
    }

    /// <summary>Whether a metric name may start with this character without being quoted.</summary>
    public static bool IsNameStart(char c) => char.IsAsciiLetter(c) || c is '_' or ':';

    /// <summary>Whether a metric name may go on with this character without being quoted.</summary>
    public static bool IsNamePart(char c) => IsNameStart(c) || char.IsAsciiDigit(c);

    private void SkipBlanks()
    {
        while (position < text.Length)
        {
            if (text[position] == '#')
            {
                var line = text[position..].IndexOfAny('\r', '\n');
                position = line < 0 ? text.Length : position + line;
            }
            else if (text[position] is ' ' or '\t' or '\r' or '\n')
            {
                position++;
            }
            else
            {
                return;
            }
        }
    }

    private Token TakeName()
    {
        var kind = TokenKind.Identifier;
        var length = NameLength(0);
        while (CharAt(length) == '.' && IsNamePart(CharAt(length + 1)))
        {
            kind = TokenKind.DottedName;
            length = NameLength(length + 1);
        }

        return Take(kind, length);
    }

    private readonly int NameLength(int from)
    {
        while (IsNamePart(CharAt(from)))
        {
            from++;
        }

        return from;
    }

    private Token TakeQuoted(char quote)
    {
        for (var length = 1; position + length < text.Length; length++)
        {
            var c = CharAt(length);
            if (c == quote)
            {
                return Take(TokenKind.QuotedString, length + 1);
            }

            if (c == '\n')
            {
                return Take(TokenKind.UnterminatedString, length);
            }

            if (c == '\\' && CharAt(length + 1) != '\n')
            {
                length++;
            }
        }

        return Take(TokenKind.UnterminatedString, text.Length - position);
    }

    private Token TakeRaw()
    {
        var length = text[(position + 1)..].IndexOf('`');
        return length < 0
            ? Take(TokenKind.UnterminatedString, text.Length - position)
            : Take(TokenKind.QuotedString, length + 2);
    }

    private Token Take(TokenKind kind, int length)
    {
        var token = new Token(kind, position, length);
        position += length;
        return token;
    }

    /// <summary>The character that many behind the position; NUL, which starts nothing, behind the end.</summary>
    private readonly char CharAt(int ahead) => position + ahead < text.Length ? text[position + ahead] : '\0';
}
