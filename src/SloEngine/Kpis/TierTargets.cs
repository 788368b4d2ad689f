using System.Diagnostics.CodeAnalysis;

namespace Kpi.SloEngine.Kpis;

/// <summary>
/// One KPI's target per tier, in the KPI's unit: seconds, a ratio 0..1, or dollars. Ordered as <c>tiers.yaml</c> orders the tiers, and
/// every tier of that file has one.
/// </summary>
/// <param name="values">The targets in tier order; the reader has checked that ids are unique.</param>
public sealed class TierTargets(IEnumerable<KeyValuePair<string, double>> values)
{
    private readonly KeyValuePair<string, double>[] values = [.. values];

    /// <summary>Tier id and target, smallest tier first.</summary>
    public IReadOnlyList<KeyValuePair<string, double>> Values => values;

    /// <summary>The target of a tier that is known to exist.</summary>
    /// <exception cref="KeyNotFoundException">No tier has this id.</exception>
    public double this[string tierId] =>
        TryGet(tierId, out var value) ? value.Value : throw new KeyNotFoundException($"no target for tier '{tierId}'");

    /// <summary>The target of a tier, or false when no tier has this id.</summary>
    public bool TryGet(string tierId, [NotNullWhen(true)] out double? target)
    {
        foreach (var (id, value) in values)
        {
            if (id == tierId)
            {
                target = value;
                return true;
            }
        }

        target = null;
        return false;
    }
}
