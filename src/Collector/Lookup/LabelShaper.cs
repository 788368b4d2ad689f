using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Kpi.Collector.Otlp;
using Kpi.Rollups.Identity;
using Kpi.Rollups.Intake;

namespace Kpi.Collector.Lookup;

/// <summary>
/// Applies the label policy in force to the labels of new series. Series that become one are added up, so labels are dropped and limited
/// only where values add up: of spans, logs and increases. A running total or a gauge keeps them, and is counted for it.
/// </summary>
/// <param name="catalog">Where the policy stands.</param>
internal sealed class LabelShaper(SeriesCatalog catalog)
{
    private const int HashBytes = 8;

    // Per metric and label as many values as its limit says.
    private readonly ConcurrentDictionary<(string Metric, string Label), HashSet<string>> values = new();

    /// <summary>Changes the labels as the policy says.</summary>
    /// <param name="metric">The metric's name.</param>
    /// <param name="labels">Its labels.</param>
    /// <param name="addsUp">Whether series of the metric may become one.</param>
    /// <param name="tally">Where it is counted that a rule could not be followed.</param>
    public void Shape(string metric, List<KeyValuePair<string, string>> labels, bool addsUp, ref ItemTally tally)
    {
        foreach (var rule in catalog.LabelPolicy.Rules)
        {
            if (rule.Concerns(metric))
            {
                Shape(rule, metric, labels, addsUp, ref tally);
            }
        }
    }

    private void Shape(LabelRule rule, string metric, List<KeyValuePair<string, string>> labels, bool addsUp, ref ItemTally tally)
    {
        for (var i = labels.Count - 1; i >= 0; i--)
        {
            var (name, value) = labels[i];
            var merges = rule.Drop.Contains(name) || rule.Limit.ContainsKey(name);
            if (merges && !addsUp)
            {
                tally.Count(RejectReason.LabelKept);
            }
            else if (rule.Drop.Contains(name))
            {
                labels.RemoveAt(i);
            }
            else if (rule.Limit.TryGetValue(name, out var most) && !IsToldApart(metric, name, value, most))
            {
                labels[i] = new(name, Encoding.UTF8.GetString(IntakeLimits.Other));
            }
            else if (rule.Hash.Contains(name))
            {
                labels[i] = new(name, HashOf(name, value));
            }
        }
    }

    private bool IsToldApart(string metric, string label, string value, int most)
    {
        var known = values.GetOrAdd((metric, label), _ => new HashSet<string>(StringComparer.Ordinal));
        lock (known)
        {
            return known.Contains(value) || (known.Count < most && known.Add(value));
        }
    }

    private string HashOf(string label, string value) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(catalog.LabelKey, Encoding.UTF8.GetBytes($"{label}\n{value}")).AsSpan(0, HashBytes));
}
