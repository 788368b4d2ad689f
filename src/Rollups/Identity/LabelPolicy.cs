namespace Kpi.Rollups.Identity;

/// <summary>What becomes of labels before a series is made of them. Immutable; the rules apply in their order, and policies of the same rules are equal.</summary>
public sealed record LabelPolicy(IReadOnlyList<LabelRule> Rules)
{
    /// <summary>All labels stay as they are.</summary>
    public static readonly LabelPolicy None = new([]);

    /// <summary>Whether a rule is for a metric.</summary>
    public bool Concerns(string metric)
    {
        foreach (var rule in Rules)
        {
            if (rule.Concerns(metric))
            {
                return true;
            }
        }

        return false;
    }

    /// <inheritdoc/>
    public bool Equals(LabelPolicy? other) => other is not null && Rules.SequenceEqual(other.Rules);

    /// <inheritdoc/>
    public override int GetHashCode() => Rules.Aggregate(0, HashCode.Combine);
}

/// <summary>What becomes of the labels of some metrics.</summary>
/// <param name="Metric">The metric's name as stored; a <c>*</c> at its end stands for any rest.</param>
/// <param name="Drop">Labels left out: what differs in them alone becomes one series.</param>
/// <param name="Hash">Labels whose values are replaced by a keyed hash: told apart, but not readable.</param>
/// <param name="Limit">Labels, and how many values of each are told apart; the rest are <c>_OTHER</c>.</param>
public sealed record LabelRule(
    string Metric, IReadOnlyList<string> Drop, IReadOnlyList<string> Hash, IReadOnlyDictionary<string, int> Limit)
{
    /// <summary>Values told apart at most.</summary>
    public const int MostValues = 10_000;

    /// <summary>Whether the rule is for a metric.</summary>
    public bool Concerns(string metric) => Metric.EndsWith('*')
        ? metric.AsSpan().StartsWith(Metric.AsSpan(0, Metric.Length - 1), StringComparison.Ordinal)
        : metric == Metric;

    /// <inheritdoc/>
    public bool Equals(LabelRule? other) =>
        other is not null && Metric == other.Metric && Drop.SequenceEqual(other.Drop) && Hash.SequenceEqual(other.Hash)
        && Limit.Count == other.Limit.Count && Limit.All(l => other.Limit.TryGetValue(l.Key, out var most) && most == l.Value);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Metric, Drop.Count, Hash.Count, Limit.Count);
}
