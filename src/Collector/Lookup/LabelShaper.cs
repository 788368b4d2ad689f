using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using Kpi.Collector.Otlp;
using Kpi.Rollups.Identity;
using Kpi.Rollups.Intake;

namespace Kpi.Collector.Lookup;

/// <summary>
/// Applies a label policy to the labels of new series. Series that become one are added up, so labels are dropped and limited
/// only where values add up: of spans, logs and increases. A running total or a gauge keeps them, and is counted for it.
/// </summary>
/// <param name="catalog">Whose key hashes values.</param>
internal sealed class LabelShaper(SeriesCatalog catalog)
{
    private const int HashBytes = 8;

    // They live as long as their policy: under another one counting begins anew.
    private readonly ConditionalWeakTable<LabelPolicy, LimitedValues> values = [];

    /// <summary>Changes the labels as the policy says.</summary>
    /// <param name="policy">The policy under which the series will be known.</param>
    /// <param name="metric">The metric's name.</param>
    /// <param name="labels">Its labels.</param>
    /// <param name="addsUp">Whether series of the metric may become one.</param>
    /// <param name="tally">Where it is counted that a rule could not be followed.</param>
    public void Shape(LabelPolicy policy, string metric, List<KeyValuePair<string, string>> labels, bool addsUp, ref ItemTally tally)
    {
        foreach (var rule in policy.Rules)
        {
            if (rule.Concerns(metric))
            {
                Shape(rule, values.GetOrCreateValue(policy), metric, labels, addsUp, ref tally);
            }
        }
    }

    private void Shape(LabelRule rule, LimitedValues values, string metric, List<KeyValuePair<string, string>> labels, bool addsUp, ref ItemTally tally)
    {
        for (var i = labels.Count - 1; i >= 0; i--)
        {
            var (name, value) = labels[i];
            if (value.Length == 0)
            {
                // A label without a value is none.
                continue;
            }

            if (!addsUp && (rule.Drop.Contains(name) || rule.Limit.ContainsKey(name)))
            {
                tally.Count(RejectReason.LabelKept);
            }

            if (addsUp && rule.Drop.Contains(name))
            {
                labels.RemoveAt(i);
            }
            else if (addsUp && rule.Limit.TryGetValue(name, out var most) && !values.IsToldApart(metric, name, value, most))
            {
                labels[i] = new(name, Encoding.UTF8.GetString(IntakeLimits.Other));
            }
            else if (rule.Hash.Contains(name))
            {
                labels[i] = new(name, HashOf(name, value));
            }
        }
    }

    private string HashOf(string label, string value) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(catalog.LabelKey, Encoding.UTF8.GetBytes($"{label}\n{value}")).AsSpan(0, HashBytes));
}
