using System.Buffers;
using System.Globalization;
using System.Text;

namespace Kpi.PromQl.Patterns;

/// <summary>A place in a regular expression of RE2's syntax, and the reading of single characters and named sets from there.</summary>
internal ref struct RegexReader(ReadOnlySpan<char> regex)
{
    private readonly ReadOnlySpan<char> regex = regex;

    /// <summary>The offset of the next character.</summary>
    public int Position { get; set; }

    /// <summary>What was wrong, once a reading has failed.</summary>
    public Problem Problem { get; private set; }

    /// <summary>Whether the expression is used up.</summary>
    public readonly bool AtEnd => Position == regex.Length;

    /// <summary>What is still to be read.</summary>
    public readonly ReadOnlySpan<char> Rest => regex[Position..];

    /// <summary>Notes the problem; answers false, for the caller to pass on.</summary>
    public bool Fail(int offset, string message)
    {
        Problem = new Problem(offset, message);
        return false;
    }

    /// <summary>Whether a set stands here: <c>\d</c>, <c>\pL</c>, <c>[:alpha:]</c> and their like.</summary>
    /// <param name="set">The set as it is written within brackets; null, and a problem noted, when there is none of that name.</param>
    public bool ReadSet(out string? set)
    {
        set = null;
        if (Rest.StartsWith("[:") && Rest.IndexOf(":]") is > 1 and var end)
        {
            set = CharacterRanges.Posix(Rest[2..end].ToString());
            return PassSet(set, end + 2, "unknown class of characters");
        }

        if (Rest.Length < 2 || Rest[0] != '\\')
        {
            return false;
        }

        if (Rest[1] is 'p' or 'P')
        {
            return ReadUnicodeSet(out set);
        }

        set = CharacterRanges.Perl(Rest[1]);
        Position += set is null ? 0 : 2;
        return set is not null;
    }

    private bool ReadUnicodeSet(out string? set)
    {
        var braced = Rest.Length > 2 && Rest[2] == '{';
        var end = braced ? Rest.IndexOf('}') : 2;
        var name = end > 0 && end < Rest.Length ? Rest[(braced ? 3 : 2)..(braced ? end : 3)] : "";
        set = name.IsEmpty || name.ContainsAnyExcept(CharacterRanges.Word) ? null : $@"\{Rest[1]}{{{name}}}";
        return PassSet(set, end + 1, "unknown Unicode class");
    }

    private bool PassSet(string? set, int length, string problem)
    {
        if (set is null)
        {
            Fail(Position, problem);
        }
        else
        {
            Position += length;
        }

        return true;
    }

    /// <summary>Reads a character of a class, escaped or not; .NET's classes hold UTF-16 units, so those above U+FFFF fail.</summary>
    public bool ReadClassCharacter(out char c)
    {
        c = '\0';
        var start = Position;
        if (!(Rest[0] == '\\' ? ReadEscapedCharacter(out var rune) : ReadCharacter(out rune)))
        {
            return false;
        }

        c = (char)rune.Value;
        return rune.IsBmp || Fail(start, "a class cannot hold a character above U+FFFF");
    }

    /// <summary>Reads one character as it stands.</summary>
    public bool ReadCharacter(out Rune rune)
    {
        var status = Rune.DecodeFromUtf16(Rest, out rune, out var length);
        Position += length;
        return status == OperationStatus.Done || Fail(Position - length, "half a surrogate pair is not a character");
    }

    /// <summary>Reads an escape that stands for one character.</summary>
    public bool ReadEscapedCharacter(out Rune rune)
    {
        var kind = Rest.Length > 1 ? Rest[1] : '\0';
        rune = new Rune(char.IsAscii(kind) ? kind : '\0');
        if (kind == 'x')
        {
            return ReadHex(out rune);
        }

        if ("afnrtv".IndexOf(kind) is >= 0 and var index)
        {
            rune = new Rune("\a\f\n\r\t\v"[index]);
        }
        else if (Rest.Length < 2 || !char.IsAscii(kind) || char.IsAsciiLetterOrDigit(kind))
        {
            return Fail(Position, "unknown escape");
        }

        Position += 2;
        return true;
    }

    /// <summary><c>\x41</c> or <c>\x{1F600}</c>.</summary>
    private bool ReadHex(out Rune rune)
    {
        var braced = Rest.Length > 2 && Rest[2] == '{';
        var end = braced ? Rest.IndexOf('}') : Math.Min(4, Rest.Length);
        var digits = end < 0 ? "" : Rest[(braced ? 3 : 2)..end];
        rune = default;
        if ((!braced && digits.Length != 2)
            || digits.Length > 8
            || !uint.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code)
            || !Rune.TryCreate(code, out rune))
        {
            return Fail(Position, @"after \x come two hexadecimal digits or {…} with those of a character");
        }

        Position += braced ? end + 1 : end;
        return true;
    }
}
