namespace Kpi.PromQl;

/// <summary>How a <see cref="LabelMatcher"/> compares the value of a label with its own.</summary>
public enum MatchOperation
{
    /// <summary><c>=</c>: the same text, character by character.</summary>
    Equal,

    /// <summary><c>!=</c>: not the same text.</summary>
    NotEqual,

    /// <summary><c>=~</c>: the regular expression matches the whole value.</summary>
    Regex,

    /// <summary><c>!~</c>: the regular expression does not match the whole value.</summary>
    NotRegex,
}
