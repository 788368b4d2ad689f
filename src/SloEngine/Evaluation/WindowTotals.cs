using Kpi.Rollups.Cells;
using Kpi.Rollups.Identity;
using Kpi.Rollups.Reading;
using Kpi.Rollups.Time;

namespace Kpi.SloEngine.Evaluation;

/// <summary>Adds the cells of a window up by service and by KPI. Bounded by the services and series that the rollups hold.</summary>
internal sealed class WindowTotals : ICellVisitor
{
    private readonly SeriesRoles roles;
    private readonly SliceRange range;
    private readonly int slicesPerStep;
    private readonly int steps;
    private readonly Dictionary<string, ServiceTotals> services = new(StringComparer.Ordinal);
    private readonly KpiTotals[] kpis;

    public WindowTotals(SeriesRoles roles, int kpiCount, SliceRange range, int slicesPerStep)
    {
        this.roles = roles;
        this.range = range;
        this.slicesPerStep = slicesPerStep;
        steps = (range.Count + slicesPerStep - 1) / slicesPerStep;
        kpis = [.. Enumerable.Range(0, kpiCount).Select(_ => new KpiTotals(steps))];
    }

    public IReadOnlyDictionary<string, ServiceTotals> Services => services;

    public IReadOnlyList<KpiTotals> Kpis => kpis;

    public bool Wants(Series series) => roles.Of(series).IsCounted;

    public void Visit(Series series, SliceRange span, DistributionCell cell)
    {
        var role = roles.Of(series);
        var step = (span.First.Number - range.First.Number) / slicesPerStep;
        if (role.Service is { } service)
        {
            Of(service).Add(span.Last, step, role, cell);
        }

        for (var i = 0; i < role.Kpis.Length; i++)
        {
            kpis[role.Kpis[i]].Add(span.Last, step, role, cell, role.Groups[i]);
        }
    }

    public void Visit(Series series, SliceRange span, CounterCell cell)
    {
        var role = roles.Of(series);
        var step = (span.First.Number - range.First.Number) / slicesPerStep;
        foreach (var share in role.Counters)
        {
            kpis[share.Kpi].Add(span.Last, step, role, share, cell);
        }
    }

    /// <summary>Adds the totals of other cells of the same window under the same definitions.</summary>
    public void Add(WindowTotals other)
    {
        foreach (var (service, totals) in other.services)
        {
            Of(service).Add(totals);
        }

        for (var i = 0; i < kpis.Length; i++)
        {
            kpis[i].Add(other.kpis[i]);
        }
    }

    private ServiceTotals Of(string service)
    {
        if (!services.TryGetValue(service, out var totals))
        {
            services.Add(service, totals = new ServiceTotals(steps));
        }

        return totals;
    }
}
