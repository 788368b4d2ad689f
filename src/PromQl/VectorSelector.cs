using System.Diagnostics.CodeAnalysis;

namespace Kpi.PromQl;

/// <summary>Which series a query speaks of: those that pass all matchers. Immutable; equal selectors have equal text.</summary>
public sealed record VectorSelector
{
    private readonly LabelMatcher[] matchers;

    private VectorSelector(LabelMatcher[] matchers)
    {
        this.matchers = matchers;
        Matchers = matchers.AsReadOnly();
    }

    /// <summary>
    /// The conditions in canonical order, without duplicates: the metric name (label <c>__name__</c>) first, then by name, operation
    /// and value. At least one of them does not match the empty string.
    /// </summary>
    public IReadOnlyList<LabelMatcher> Matchers { get; }

    /// <summary>The metric name when the selector asks for exactly one, without further conditions on it; else null.</summary>
    public string? MetricName =>
        matchers[0] is { IsMetricName: true, Operation: MatchOperation.Equal, Value.Length: > 0 } name
        && !matchers.Skip(1).Any(matcher => matcher.IsMetricName)
            ? name.Value
            : null;

    /// <summary>Builds a selector, or says why there is none: it would select every series.</summary>
    public static bool TryCreate(
        IEnumerable<LabelMatcher> matchers,
        [NotNullWhen(true)] out VectorSelector? selector,
        [NotNullWhen(false)] out string? problem)
    {
        var ordered = matchers.Distinct()
            .OrderByDescending(matcher => matcher.IsMetricName)
            .ThenBy(matcher => matcher.Name, StringComparer.Ordinal)
            .ThenBy(matcher => matcher.Operation)
            .ThenBy(matcher => matcher.Value, StringComparer.Ordinal)
            .ToArray();
        if (ordered.All(matcher => matcher.Matches("")))
        {
            selector = null;
            problem = "vector selector must contain at least one non-empty matcher";
            return false;
        }

        selector = new VectorSelector(ordered);
        problem = null;
        return true;
    }

    /// <summary>Whether a series passes all matchers.</summary>
    /// <param name="labelValue">The value of a label of the series, null when it has none; asked for <c>__name__</c> too.</param>
    public bool Matches(Func<string, string?> labelValue)
    {
        ArgumentNullException.ThrowIfNull(labelValue);
        foreach (var matcher in matchers)
        {
            if (!matcher.Matches(labelValue(matcher.Name)))
            {
                return false;
            }
        }

        return true;
    }

    /// <inheritdoc/>
    public bool Equals(VectorSelector? other) => other is not null && matchers.AsSpan().SequenceEqual(other.matchers);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var matcher in matchers)
        {
            hash.Add(matcher);
        }

        return hash.ToHashCode();
    }

    /// <summary>
    /// The canonical text. It parses back to an equal selector, unless the escapes of a selector near
    /// <see cref="SelectorParser.MaxSelectorLength"/> make it longer than that.
    /// </summary>
    public override string ToString() => CanonicalText.OfSelector(MetricName, matchers);
}
