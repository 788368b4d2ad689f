using System.Runtime.InteropServices;
using Kpi.Rollups.Cells;
using Kpi.Rollups.Reading;

namespace Kpi.SloEngine.Evaluation;

/// <summary>A KPI's distribution told apart by one label, to name the worst of its values.</summary>
internal sealed class GroupTotals
{
    /// <summary>More are not shards but something that grows with the traffic; then none is named.</summary>
    public const int Most = 200;

    private readonly Dictionary<string, Distribution> groups = new(StringComparer.Ordinal); // bounded by Most
    private bool tooMany;

    /// <summary>The distributions by the label's value; none when there were more than <see cref="Most"/>.</summary>
    public IEnumerable<KeyValuePair<string, Distribution>> Groups => tooMany ? [] : groups;

    public void Add(string group, DistributionCell cell) => Of(group)?.Add(cell);

    public void Add(GroupTotals other)
    {
        tooMany |= other.tooMany;
        foreach (var (group, theirs) in other.groups)
        {
            Of(group)?.Add(theirs);
        }
    }

    private Distribution? Of(string group)
    {
        if (groups.Count == Most && !groups.ContainsKey(group))
        {
            tooMany = true;
            return null;
        }

        return CollectionsMarshal.GetValueRefOrAddDefault(groups, group, out _) ??= new Distribution();
    }
}
