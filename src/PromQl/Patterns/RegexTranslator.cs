using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace Kpi.PromQl.Patterns;

/// <summary>
/// Rewrites a regular expression of Prometheus (RE2 syntax) for .NET, so that what looks the same also means the same:
/// <c>\d \w \s</c> are ASCII, <c>[[:alpha:]]</c> is a class, <c>$</c> is the very end, <c>[a-z-[b]]</c> subtracts nothing.
/// What RE2 does not know (look-around, back references, <c>(?x)</c>) is a problem, as there.
/// </summary>
/// <remarks>
/// Not carried over: the flags <c>m</c> and <c>U</c>, octal escapes, <c>\b</c> as ASCII only, and that <c>.</c> and negated classes take a
/// character outside the Basic Multilingual Plane as one (here it counts two). Groups capture nothing.
/// </remarks>
internal ref struct RegexTranslator
{
    // RE2's limit on a repeat count, also as the product of nested ones; without it ((a{1000}){1000}){1000} is a bomb.
    private const int MaxRepeat = 1_000;

    private readonly StringBuilder net = new();
    private readonly List<int> groups = [1]; // The largest repeat within each open group; bounded by the length of the pattern.
    private int lastRepeat = 1; // That of the last atom.
    private RegexReader reader;

    private RegexTranslator(ReadOnlySpan<char> regex) => reader = new RegexReader(regex);

    /// <summary>Translates the expression; the result has balanced brackets. Offsets in problems count from its start.</summary>
    public static bool TryTranslate(ReadOnlySpan<char> regex, [NotNullWhen(true)] out string? net, out Problem problem)
    {
        var translator = new RegexTranslator(regex);
        var translated = translator.Translate();
        net = translated ? translator.net.ToString() : null;
        problem = translator.reader.Problem;
        return translated;
    }

    private readonly ReadOnlySpan<char> Rest => reader.Rest;

    private bool Translate()
    {
        while (!reader.AtEnd)
        {
            if (!TranslateNext(Rest[0]))
            {
                return false;
            }
        }

        return groups.Count == 1 || Fail(reader.Position, "a ) is missing");
    }

    private bool TranslateNext(char c) => c switch
    {
        '\\' => TranslateEscape(),
        '[' => TranslateClass(),
        '(' => OpenGroup(),
        ')' => CloseGroup(),
        '{' => TranslateRepeat(),
        '$' => Emit(@"\z", 1),
        '.' or '^' or '|' => Emit(c.ToString(), 1),
        '*' or '+' or '?' => EmitQuantifier(c.ToString(), 1),
        _ => reader.ReadCharacter(out var rune) && EmitCharacter(rune),
    };

    private bool OpenGroup()
    {
        var end = Rest.IndexOfAny(')', ':', '>');
        if (!Rest.StartsWith("(?"))
        {
            return EnterGroup("(?:", 1);
        }

        if (end > 0 && Rest[end] == '>' && (Rest.StartsWith("(?P<") || Rest.StartsWith("(?<")))
        {
            var name = Rest[(Rest.IndexOf('<') + 1)..end];
            return name.IsEmpty || name.ContainsAnyExcept(CharacterRanges.Word)
                ? Fail(reader.Position, "a group has a bad name, or looks behind, which is not supported")
                : EnterGroup("(?:", end + 1);
        }

        var flags = end > 0 ? Rest[2..end] : "";
        if (end < 0 || Rest[end] == '>' || flags.ContainsAnyExcept("is-") || flags.Count('-') > 1 || flags.EndsWith("-"))
        {
            return Fail(reader.Position, "after (? only :, P<name>, <name> and the flags i and s are supported");
        }

        if (Rest[end] == ':')
        {
            return EnterGroup(Rest[..(end + 1)].ToString(), end + 1);
        }

        return flags.IsEmpty ? Fail(reader.Position, "the flags are missing") : Emit(Rest[..(end + 1)].ToString(), end + 1);
    }

    private bool EnterGroup(string text, int length)
    {
        groups.Add(1);
        return Emit(text, length);
    }

    private bool CloseGroup()
    {
        if (groups.Count == 1)
        {
            return Fail(reader.Position, "a ) without its (");
        }

        var repeat = groups[^1];
        groups.RemoveAt(groups.Count - 1);
        return Emit(")", 1) && CountRepeat(repeat);
    }

    private bool TranslateRepeat()
    {
        var end = Rest.IndexOf('}');
        var body = end < 0 ? [] : Rest[1..end];
        var comma = body.IndexOf(',');
        var least = comma < 0 ? body : body[..comma];
        var most = comma < 0 ? "" : body[(comma + 1)..];
        if (least.IsEmpty || least.ContainsAnyExceptInRange('0', '9') || most.ContainsAnyExceptInRange('0', '9'))
        {
            return Emit(@"\{", 1); // As in RE2, a { that starts no repeat is itself.
        }

        // Five digits are over the limit already and fit an int.
        if (least.Length > 5 || most.Length > 5 || !CountRepeat(Math.Max(Number(least), most.IsEmpty ? 0 : Number(most))))
        {
            return Fail(reader.Position, $"it repeats more than {MaxRepeat} times, nested repeats multiplied");
        }

        return EmitQuantifier(Rest[..(end + 1)].ToString(), end + 1);
    }

    private static int Number(ReadOnlySpan<char> digits) => int.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);

    private bool CountRepeat(int times)
    {
        // At most 1,000 times 99,999, so there is no overflow.
        lastRepeat *= Math.Max(times, 1);
        groups[^1] = Math.Max(groups[^1], lastRepeat);
        return lastRepeat <= MaxRepeat;
    }

    private bool TranslateEscape()
    {
        var kind = Rest.Length > 1 ? Rest[1] : '\0';
        if (kind == 'Q')
        {
            return TranslateVerbatim();
        }

        if (kind is 'b' or 'B' or 'A' or 'z')
        {
            return Emit($@"\{kind}", 2);
        }

        if (reader.ReadSet(out var set))
        {
            return set is not null && Emit($"[{set}]", 0);
        }

        return reader.ReadEscapedCharacter(out var rune) && EmitCharacter(rune);
    }

    /// <summary><c>\Q…\E</c>, or to the end of the pattern.</summary>
    private bool TranslateVerbatim()
    {
        reader.Position += 2;
        while (!reader.AtEnd)
        {
            if (Rest.StartsWith(@"\E"))
            {
                reader.Position += 2;
                return true;
            }

            if (!reader.ReadCharacter(out var rune) || !EmitCharacter(rune))
            {
                return false;
            }
        }

        return true;
    }

    private bool TranslateClass()
    {
        var start = reader.Position;
        var negated = Rest.StartsWith("[^");
        net.Append(negated ? "[^" : "[");
        reader.Position += negated ? 2 : 1;
        for (var first = true; !reader.AtEnd; first = false)
        {
            if (Rest[0] == ']' && !first)
            {
                return Emit("]", 1);
            }

            if (!TranslateClassItem())
            {
                return false;
            }
        }

        return Fail(start, "a ] is missing");
    }

    private bool TranslateClassItem()
    {
        var start = reader.Position;
        if (reader.ReadSet(out var set))
        {
            net.Append(set);
            return set is not null;
        }

        if (!reader.ReadClassCharacter(out var low))
        {
            return false;
        }

        var high = low;
        if (Rest.Length > 1 && Rest[0] == '-' && Rest[1] != ']')
        {
            reader.Position++;
            if (!reader.ReadClassCharacter(out high))
            {
                return false;
            }
        }

        if (low > high)
        {
            return Fail(start, "a range of characters runs backwards");
        }

        net.Append(CharacterRanges.Text(low, high));
        return true;
    }

    private bool EmitCharacter(Rune rune)
    {
        var text = rune.IsBmp ? CharacterRanges.Text((char)rune.Value, (char)rune.Value) : $"(?:{rune})";
        return Emit(text, 0);
    }

    private bool EmitQuantifier(string text, int length)
    {
        net.Append(text);
        reader.Position += length;
        return true;
    }

    private bool Emit(string text, int length)
    {
        lastRepeat = 1;
        return EmitQuantifier(text, length);
    }

    private bool Fail(int offset, string message) => reader.Fail(offset, message);
}
