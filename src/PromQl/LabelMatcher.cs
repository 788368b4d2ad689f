using System.Diagnostics.CodeAnalysis;
using System.Text;
using Kpi.PromQl.Patterns;

namespace Kpi.PromQl;

/// <summary>One condition on one label, such as <c>code=~"5.."</c>. Immutable; equal when name, operation and value are.</summary>
public sealed record LabelMatcher
{
    /// <summary>The name of the label that holds the metric name.</summary>
    public const string MetricNameLabel = "__name__";

    private readonly ValuePattern pattern;

    private LabelMatcher(string name, MatchOperation operation, string value, ValuePattern pattern)
    {
        Name = name;
        Operation = operation;
        Value = value;
        this.pattern = pattern;
    }

    /// <summary>The label's name: any text but the empty one.</summary>
    public string Name { get; }

    /// <summary>How the label is compared with <see cref="Value"/>.</summary>
    public MatchOperation Operation { get; }

    /// <summary>The text, or the regular expression as it was written.</summary>
    public string Value { get; }

    /// <summary>Whether the matcher speaks of the metric name.</summary>
    public bool IsMetricName => Name == MetricNameLabel;

    /// <summary>Builds a matcher, or says why there is none: an empty name, half a surrogate pair, a bad regular expression.</summary>
    public static bool TryCreate(
        string name,
        MatchOperation operation,
        string value,
        [NotNullWhen(true)] out LabelMatcher? matcher,
        [NotNullWhen(false)] out string? problem)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(value);
        matcher = null;
        if (name.Length == 0)
        {
            problem = "a label name must not be empty";
            return false;
        }

        if (!IsText(name) || !IsText(value))
        {
            problem = "half a surrogate pair is not a character";
            return false;
        }

        var pattern = ValuePattern.Exactly(value);
        problem = null;
        if (operation is MatchOperation.Regex or MatchOperation.NotRegex && !ValuePattern.TryParse(value, out pattern, out problem))
        {
            return false;
        }

        matcher = new LabelMatcher(name, operation, value, pattern);
        return true;
    }

    /// <summary>Whether a label of this value passes; a missing label (null) is the empty string.</summary>
    public bool Matches(string? value)
    {
        var negated = Operation is MatchOperation.NotEqual or MatchOperation.NotRegex;
        return pattern.IsMatch(value ?? "") != negated;
    }

    /// <inheritdoc/>
    public bool Equals(LabelMatcher? other) =>
        other is not null && Name == other.Name && Operation == other.Operation && Value == other.Value;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Name, Operation, Value);

    /// <summary>The matcher as PromQL, the name quoted when it has to be.</summary>
    public override string ToString() => CanonicalText.OfMatcher(this);

    private static bool IsText(ReadOnlySpan<char> text)
    {
        while (!text.IsEmpty)
        {
            if (Rune.DecodeFromUtf16(text, out _, out var length) != System.Buffers.OperationStatus.Done)
            {
                return false;
            }

            text = text[length..];
        }

        return true;
    }
}
