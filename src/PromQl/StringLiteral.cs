using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using System.Text.Unicode;

namespace Kpi.PromQl;

/// <summary>
/// Decodes a string with its quotes: backticks are raw, double and single quotes know Go's escapes
/// <c>\a \b \f \n \r \t \v \\ \ooo \xhh \uhhhh \Uhhhhhhhh</c> and their own quote.
/// </summary>
/// <remarks>
/// <c>\xhh</c> and <c>\ooo</c> are bytes: <c>"\xc3\xa9"</c> is é. A run of them has to be UTF-8 by itself, because the characters
/// around it are whole ones and cannot complete it. Offsets in problems count from the opening quote.
/// </remarks>
internal ref struct StringLiteral
{
    private readonly ReadOnlySpan<char> literal;
    private readonly StringBuilder value = new();
    private readonly List<byte> bytes = []; // The run of byte escapes being read; bounded by the length of the literal.
    private int bytesStart;
    private int position = 1;
    private Problem problem;

    private StringLiteral(ReadOnlySpan<char> literal) => this.literal = literal;

    /// <summary>Decodes a token of the kind <see cref="TokenKind.QuotedString"/>.</summary>
    public static bool TryDecode(ReadOnlySpan<char> literal, [NotNullWhen(true)] out string? value, out Problem problem)
    {
        var reader = new StringLiteral(literal);
        var read = literal[0] == '`' ? reader.ReadRaw() : reader.ReadEscaped();
        value = read ? reader.value.ToString() : null;
        problem = reader.problem;
        return read;
    }

    private readonly int End => literal.Length - 1;

    private bool ReadRaw()
    {
        while (position < End)
        {
            if (!ReadCharacter())
            {
                return false;
            }
        }

        return true;
    }

    private bool ReadEscaped()
    {
        while (position < End)
        {
            var isByte = literal[position] == '\\' && literal[position + 1] is 'x' or (>= '0' and <= '7');
            if (!isByte && !EndBytes())
            {
                return false;
            }

            if (!(literal[position] == '\\' ? ReadEscape(literal[position + 1]) : ReadCharacter()))
            {
                return false;
            }
        }

        return EndBytes();
    }

    private bool ReadCharacter()
    {
        if (Rune.DecodeFromUtf16(literal[position..End], out var rune, out var length) != System.Buffers.OperationStatus.Done)
        {
            return Fail(position, "half a surrogate pair is not a character");
        }

        value.Append(rune.ToString());
        position += length;
        return true;
    }

    private bool ReadEscape(char kind) => kind switch
    {
        'a' => Append('\a'),
        'b' => Append('\b'),
        'f' => Append('\f'),
        'n' => Append('\n'),
        'r' => Append('\r'),
        't' => Append('\t'),
        'v' => Append('\v'),
        '\\' => Append('\\'),
        '"' or '\'' when kind == literal[0] => Append(kind),
        '"' or '\'' => Fail(position, $"the escape \\{kind} is known only between {kind} quotes; here write {kind}"),
        'x' => ReadByte(2, 2, 16),
        >= '0' and <= '7' => ReadByte(1, 3, 8),
        'u' => ReadCodePoint(4),
        'U' => ReadCodePoint(8),
        _ => Fail(position, $"unknown escape \\{Problem.Echo([kind])}; a backslash itself is written \\\\"),
    };

    private bool Append(char c)
    {
        value.Append(c);
        position += 2;
        return true;
    }

    private bool ReadByte(int prefix, int digits, int numberBase)
    {
        if (!ReadDigits(prefix, digits, numberBase, out var code))
        {
            return false;
        }

        if (code > byte.MaxValue)
        {
            return Fail(position, $"the escape is {code}, more than the {byte.MaxValue} a byte holds");
        }

        bytesStart = bytes.Count == 0 ? position : bytesStart;
        bytes.Add((byte)code);
        position += prefix + digits;
        return true;
    }

    private bool ReadCodePoint(int digits)
    {
        if (!ReadDigits(2, digits, 16, out var code))
        {
            return false;
        }

        if (!Rune.TryCreate(code, out var rune))
        {
            return Fail(position, $"the escape is U+{code:X4}, which is not a Unicode character");
        }

        value.Append(rune.ToString());
        position += 2 + digits;
        return true;
    }

    private bool ReadDigits(int prefix, int digits, int numberBase, out uint code)
    {
        code = 0;
        for (var at = position + prefix; at < position + prefix + digits; at++)
        {
            var digit = at < End && char.IsAsciiHexDigit(literal[at])
                ? int.Parse(literal.Slice(at, 1), NumberStyles.HexNumber, CultureInfo.InvariantCulture)
                : numberBase;
            if (digit >= numberBase)
            {
                return Fail(position, $"the escape needs {digits} digits of base {numberBase}");
            }

            code = (code * (uint)numberBase) + (uint)digit;
        }

        return true;
    }

    private bool EndBytes()
    {
        if (bytes.Count == 0)
        {
            return true;
        }

        var run = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(bytes);
        if (!Utf8.IsValid(run))
        {
            return Fail(bytesStart, "the escaped bytes are not valid UTF-8");
        }

        value.Append(Encoding.UTF8.GetString(run));
        bytes.Clear();
        return true;
    }

    private bool Fail(int offset, string message)
    {
        problem = new Problem(offset, message);
        return false;
    }
}
