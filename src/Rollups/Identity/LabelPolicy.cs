namespace Kpi.Rollups.Identity;

/// <summary>What becomes of labels before a series is made of them. Immutable; the rules apply in their order.</summary>
public sealed record LabelPolicy(IReadOnlyList<LabelRule> Rules)
{
    /// <summary>All labels stay as they are.</summary>
    public static readonly LabelPolicy None = new([]);
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
}
