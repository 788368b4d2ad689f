using Kpi.Rollups.Cells;
using Kpi.Rollups.Identity;
using Kpi.Rollups.Reading;
using Kpi.Rollups.Time;
using Kpi.SloEngine.Status;

namespace Kpi.SloEngine.Evaluation;

/// <summary>Adds the cells of a window up by service and by KPI. Bounded by the services and series that the rollups hold.</summary>
/// <remarks>
/// Where finer cells are dropped, a cell may be longer than a step. A line then shows the cell's figure in every step that it covers, and
/// of its events an equal share in each.
/// </remarks>
internal sealed class WindowTotals : ICellVisitor
{
    private readonly SeriesRoles roles;
    private readonly MetricPresence presence;
    private readonly int steps;
    private readonly Dictionary<string, ServiceTotals> services = new(StringComparer.Ordinal);
    private readonly KpiTotals[] kpis;

    public WindowTotals(SeriesRoles roles, int kpiCount, WindowFrame frame)
    {
        this.roles = roles;
        Frame = frame;
        steps = frame.Steps;
        presence = roles.PresenceOf(frame.Tier);
        kpis = [.. Enumerable.Range(0, kpiCount).Select(_ => new KpiTotals(steps))];
    }

    /// <summary>The window, or the part of one, that this adds up.</summary>
    public WindowFrame Frame { get; }

    public IReadOnlyDictionary<string, ServiceTotals> Services => services;

    public IReadOnlyList<KpiTotals> Kpis => kpis;

    public bool Wants(Series series) => roles.Of(series).IsCounted;

    public void Visit(Series series, SliceRange span, DistributionCell cell) => Add(roles.Of(series), span, new CountedCell(cell));

    public void Visit(Series series, SliceRange span, HistogramCell cell)
    {
        var role = roles.Of(series);
        if (role is { Twice: { } what, Source: SeriesRole.FromMetrics })
        {
            // A metric that is first met here was in no look for metrics.
            presence.Note(what, span);
        }

        Add(role, span, new CountedCell(cell));
    }

    public void Visit(Series series, SliceRange span, CounterCell cell)
    {
        var role = roles.Of(series);
        var (first, last) = (Frame.StepOf(span.First), Frame.StepOf(span.Last));
        foreach (var share in role.Counters)
        {
            kpis[share.Kpi].Add(span.Last, first, role, share, cell);
            for (var step = first + 1; step <= last; step++)
            {
                kpis[share.Kpi].AddToStep(step, share, cell);
            }
        }
    }

    /// <summary>Adds the totals of a part of the window, or of all of it, under the same definitions.</summary>
    public void Add(WindowTotals other)
    {
        var step = Frame.StepOf(other.Frame.LineFirst);
        foreach (var (service, totals) in other.services)
        {
            Of(service).Add(totals, step);
        }

        for (var i = 0; i < kpis.Length; i++)
        {
            kpis[i].Add(other.kpis[i], step);
        }
    }

    private void Add(SeriesRole role, SliceRange span, CountedCell cell)
    {
        // Where metrics tell of the same requests, they alone count.
        if (role is { Twice: { } what, Source: not SeriesRole.FromMetrics } && presence.Tells(what, span))
        {
            return;
        }

        var (first, last) = (Frame.StepOf(span.First), Frame.StepOf(span.Last));
        if (role.Service is { } service)
        {
            var totals = Of(service);
            totals.Add(span.Last, first, role, cell);
            if (last > first)
            {
                totals.SpreadOver(first, last, cell.Count);
            }
        }

        for (var i = 0; i < role.Kpis.Length; i++)
        {
            kpis[role.Kpis[i]].Add(span.Last, first, role, cell, role.Groups[i]);
            for (var step = first + 1; step <= last; step++)
            {
                kpis[role.Kpis[i]].AddToStep(step, role, cell);
            }
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
