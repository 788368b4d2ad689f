namespace Kpi.PromQl;

/// <summary>What is wrong with a text and where, in UTF-16 units from its start.</summary>
internal readonly record struct Problem(int Offset, string Message)
{
    // A text of 8,192 characters shall not come back as a message of 8,192 characters.
    private const int LongestEcho = 200;

    /// <summary>The text as a message shows it: cut when it is long, control characters and half characters as code points.</summary>
    public static string Echo(ReadOnlySpan<char> text)
    {
        var cut = text.Length > LongestEcho;
        var shown = new System.Text.StringBuilder();
        foreach (var c in cut ? text[..LongestEcho] : text)
        {
            if (char.IsControl(c))
            {
                shown.Append($"<U+{(int)c:X4}>");
            }
            else
            {
                shown.Append(c);
            }
        }

        return shown.Append(cut ? "…" : "").ToString();
    }
}
