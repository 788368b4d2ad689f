namespace Kpi.Collector.Lookup;

/// <summary>
/// The values of limited labels that are told apart under a policy: of at most <see cref="MostLabels"/> labels, each counted once per
/// metric, as many values as the rule says.
/// </summary>
internal sealed class LimitedValues
{
    /// <summary>Pairs of a metric and a label at most; no value of further ones is told apart.</summary>
    public const int MostLabels = 10_000;

    private readonly Lock gate = new();
    private readonly Dictionary<(string Metric, string Label), HashSet<string>> values = [];

    /// <summary>Whether a value is, or becomes, one of those told apart.</summary>
    public bool IsToldApart(string metric, string label, string value, int most)
    {
        lock (gate)
        {
            if (!values.TryGetValue((metric, label), out var known))
            {
                if (values.Count >= MostLabels)
                {
                    return false;
                }

                values.Add((metric, label), known = new HashSet<string>(StringComparer.Ordinal));
            }

            return known.Contains(value) || (known.Count < most && known.Add(value));
        }
    }
}
