namespace Kpi.SamplePlatform.Faults.Switches;

/// <summary>An order's products are read one query after the other. Affected: requests, each with the queries that the size says.</summary>
internal sealed class QueryPerLine() : FaultSwitch("n-plus-one")
{
    public override FaultSize Size { get; } = new(20, 1, 100, "queries", IsWhole: true);

    /// <summary>Queries that this request makes one by one; null: it asks once for all.</summary>
    public int? Queries()
    {
        var entry = Current;
        entry?.Count();
        return (int?)entry?.Size;
    }
}
