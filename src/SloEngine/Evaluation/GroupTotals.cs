using System.Runtime.InteropServices;

namespace Kpi.SloEngine.Evaluation;

/// <summary>A KPI's totals told apart by one label, to name the worst of its values.</summary>
internal sealed class GroupTotals
{
    /// <summary>More are not shards but something that grows with the traffic; then none is named.</summary>
    public const int Most = 200;

    private readonly Dictionary<string, StepTotals> groups = new(StringComparer.Ordinal); // bounded by Most

    /// <summary>The totals by the label's value.</summary>
    public IReadOnlyDictionary<string, StepTotals> Groups => groups;

    /// <summary>Some have no group here: nobody can say which is the worst.</summary>
    public bool TooMany { get; private set; }

    /// <summary>The totals of a group; null when there are <see cref="Most"/> others.</summary>
    public StepTotals? Of(string group)
    {
        if (groups.Count == Most && !groups.ContainsKey(group))
        {
            TooMany = true;
            return null;
        }

        return CollectionsMarshal.GetValueRefOrAddDefault(groups, group, out _) ??= new StepTotals();
    }

    /// <summary>Adds the totals of other cells; those of groups that find no place go to <paramref name="rest"/>.</summary>
    public void Add(GroupTotals other, StepTotals rest)
    {
        TooMany |= other.TooMany;
        foreach (var (group, theirs) in other.groups)
        {
            (Of(group) ?? rest).Add(theirs);
        }
    }
}
