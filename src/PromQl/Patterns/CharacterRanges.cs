using System.Text;

namespace Kpi.PromQl.Patterns;

/// <summary>The ASCII classes of RE2 as .NET writes them within brackets.</summary>
internal static class CharacterRanges
{
    /// <summary>The characters of names within a regular expression.</summary>
    public static readonly System.Buffers.SearchValues<char> Word =
        System.Buffers.SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz");

    // Each value is a list of pairs, first and last character of a range, ascending.
    private static readonly Dictionary<string, string> PosixClasses = new()
    {
        ["alnum"] = "09AZaz",
        ["alpha"] = "AZaz",
        ["ascii"] = "\0\u007f",
        ["blank"] = "\t\t  ",
        ["cntrl"] = "\0\u001f\u007f\u007f",
        ["digit"] = "09",
        ["graph"] = "!~",
        ["lower"] = "az",
        ["print"] = " ~",
        ["punct"] = "!/:@[`{~",
        ["space"] = "\t\r  ",
        ["upper"] = "AZ",
        ["word"] = "09AZ__az",
        ["xdigit"] = "09AFaf",
    };

    /// <summary>The class <c>[:name:]</c> or <c>[:^name:]</c>; null when there is none of that name.</summary>
    public static string? Posix(string name)
    {
        var negated = name.StartsWith('^');
        return PosixClasses.TryGetValue(negated ? name[1..] : name, out var pairs) ? Text(pairs, negated) : null;
    }

    /// <summary>The class <c>\d \D \s \S \w \W</c>; null when the letter is none of them. <c>\s</c> has no vertical tab.</summary>
    public static string? Perl(char letter) => letter switch
    {
        'd' or 'D' => Text("09", letter == 'D'),
        's' or 'S' => Text("\t\n\f\r  ", letter == 'S'),
        'w' or 'W' => Text("09AZ__az", letter == 'W'),
        _ => null,
    };

    /// <summary>One range, or one character when both ends are the same, with escapes that hold in and out of brackets.</summary>
    public static string Text(char low, char high) => low == high ? Escape(low) : $"{Escape(low)}-{Escape(high)}";

    private static string Text(string pairs, bool negated)
    {
        var text = new StringBuilder();
        var next = '\0';
        for (var i = 0; i < pairs.Length; i += 2)
        {
            if (!negated)
            {
                text.Append(Text(pairs[i], pairs[i + 1]));
            }
            else if (pairs[i] > next)
            {
                text.Append(Text(next, (char)(pairs[i] - 1)));
            }

            next = (char)(pairs[i + 1] + 1);
        }

        return negated ? text.Append(Text(next, '\uffff')).ToString() : text.ToString();
    }

    private static string Escape(char c) => char.IsAsciiLetterOrDigit(c) ? c.ToString() : $"\\u{(int)c:x4}";
}
