using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace Kpi.PromQl.Patterns;

/// <summary>What a label's whole value has to look like. Most patterns people write are a list of words and need no regex engine.</summary>
internal abstract class ValuePattern
{
    /// <summary>The longest regular expression taken, in UTF-16 units.</summary>
    public const int MaxPatternLength = 1_000;

    private static readonly System.Buffers.SearchValues<char> Special = System.Buffers.SearchValues.Create(@"\.+*?()[]{}^$");

    private ValuePattern()
    {
    }

    /// <summary>Whether the pattern matches the value from its first to its last character.</summary>
    public abstract bool IsMatch(string value);

    /// <summary>The pattern of one text.</summary>
    public static ValuePattern Exactly(string text) => new OneText(text);

    /// <summary>Reads a regular expression of Prometheus' syntax, fully anchored, <c>.</c> matching line feeds too.</summary>
    public static bool TryParse(string regex, [NotNullWhen(true)] out ValuePattern? pattern, [NotNullWhen(false)] out string? problem)
    {
        problem = regex.Length > MaxPatternLength
            ? $"the regular expression is {regex.Length} characters long, more than the {MaxPatternLength} taken"
            : null;
        pattern = regex switch
        {
            _ when problem is not null => null,
            ".*" => new AnyText(0),
            ".+" => new AnyText(1),
            _ when regex.AsSpan().ContainsAny(Special) => Compile(regex, out problem),
            _ when regex.Contains('|') => new OneOf(regex.Split('|')),
            _ => Exactly(regex),
        };
        return pattern is not null;
    }

    private static Automaton? Compile(string regex, out string? problem)
    {
        if (!RegexTranslator.TryTranslate(regex, out var translated, out var found))
        {
            problem = $"bad regular expression at its character {found.Offset + 1}: {found.Message}";
            return null;
        }

        try
        {
            problem = null;
            return new Automaton(translated);
        }
        catch (RegexParseException error)
        {
            problem = "bad regular expression: " + error.Error switch
            {
                RegexParseError.QuantifierAfterNothing => "a quantifier has nothing to repeat",
                RegexParseError.NestedQuantifiersNotParenthesized => "a quantifier follows a quantifier",
                RegexParseError.ReversedQuantifierRange => "a quantifier's minimum is above its maximum",
                RegexParseError.InvalidUnicodePropertyEscape or RegexParseError.UnrecognizedUnicodeProperty => "unknown Unicode class",
                _ => error.Error.ToString(),
            };
        }
        catch (NotSupportedException)
        {
            problem = "bad regular expression: it needs backtracking";
        }

        return null;
    }

    private sealed class OneText(string text) : ValuePattern
    {
        public override bool IsMatch(string value) => value == text;
    }

    private sealed class OneOf(IEnumerable<string> texts) : ValuePattern
    {
        private readonly FrozenSet<string> texts = texts.ToFrozenSet(StringComparer.Ordinal);

        public override bool IsMatch(string value) => texts.Contains(value);
    }

    private sealed class AnyText(int minLength) : ValuePattern
    {
        public override bool IsMatch(string value) => value.Length >= minLength;
    }

    private sealed class Automaton(string regex) : ValuePattern
    {
        // \z and not $, which would let a line feed follow. The translator has seen to it that the brackets balance.
        private readonly Regex regex = new(
            $@"\A(?:{regex})\z",
            RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.Singleline);

        public override bool IsMatch(string value) => regex.IsMatch(value);
    }
}
