using System.Text;

namespace Kpi.PromQl;

/// <summary>Writes matchers as the one text that stands for all spellings of them.</summary>
internal static class CanonicalText
{
    // What Prometheus reads as a number or as a modifier where a metric name could stand, in any case.
    private static readonly string[] NotMetricNames =
        ["atan2", "bool", "group_left", "group_right", "ignoring", "inf", "nan", "on"];

    /// <summary>Whether the word cannot be a metric name unless it is quoted.</summary>
    public static bool IsReserved(string word) => NotMetricNames.Contains(word, StringComparer.OrdinalIgnoreCase);

    public static string OfMatcher(LabelMatcher matcher) =>
        (IsPlainLabelName(matcher.Name) ? matcher.Name : Quote(matcher.Name)) + Sign(matcher.Operation) + Quote(matcher.Value);

    /// <summary>The text of matchers in canonical order.</summary>
    public static string OfSelector(string? metricName, IReadOnlyList<LabelMatcher> matchers)
    {
        var text = new StringBuilder();
        var inside = matchers.Skip(metricName is null ? 0 : 1).Select(OfMatcher);
        if (metricName is not null && IsPlainMetricName(metricName))
        {
            text.Append(metricName);
        }
        else if (metricName is not null)
        {
            inside = inside.Prepend(Quote(metricName));
        }

        var list = string.Join(',', inside);
        return list.Length == 0 ? text.ToString() : text.Append('{').Append(list).Append('}').ToString();
    }

    /// <summary>The text in double quotes, with the escapes it needs.</summary>
    public static string Quote(string value)
    {
        var text = new StringBuilder("\"");
        foreach (var c in value)
        {
            _ = c switch
            {
                '"' or '\\' => text.Append('\\').Append(c),
                '\n' => text.Append("\\n"),
                '\r' => text.Append("\\r"),
                '\t' => text.Append("\\t"),
                _ when char.IsControl(c) => text.Append($"\\u{(int)c:x4}"),
                _ => text.Append(c),
            };
        }

        return text.Append('"').ToString();
    }

    private static bool IsPlainMetricName(string name) =>
        name.Length > 0 && Lexer.IsNameStart(name[0]) && name.All(Lexer.IsNamePart) && !IsReserved(name);

    private static bool IsPlainLabelName(string name) =>
        Lexer.IsNameStart(name[0]) && name.All(Lexer.IsNamePart) && !name.Contains(':');

    private static string Sign(MatchOperation operation) => operation switch
    {
        MatchOperation.Equal => "=",
        MatchOperation.NotEqual => "!=",
        MatchOperation.Regex => "=~",
        _ => "!~",
    };
}
