using Kpi.Rollups.Cells;
using Kpi.Rollups.Identity;
using Kpi.Rollups.Reading;
using Kpi.Rollups.Time;

namespace Kpi.SloEngine.Evaluation;

/// <summary>Looks for metrics that tell of what spans tell of too.</summary>
internal sealed class PresenceVisitor(SeriesRoles roles, MetricPresence presence) : ICellVisitor
{
    public bool Wants(Series series) => roles.Of(series) is { Source: SeriesRole.FromMetrics, Twice: not null };

    public void Visit(Series series, SliceRange span, DistributionCell cell)
    {
    }

    public void Visit(Series series, SliceRange span, CounterCell cell)
    {
    }

    public void Visit(Series series, SliceRange span, HistogramCell cell) =>
        presence.Note(roles.Of(series).Twice!.Value, span);
}
