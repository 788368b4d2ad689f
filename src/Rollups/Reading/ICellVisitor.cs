using Kpi.Rollups.Cells;
using Kpi.Rollups.Identity;
using Kpi.Rollups.Time;

namespace Kpi.Rollups.Reading;

/// <summary>Receives cells, uncommitted and stored, in no particular order. Called by one thread at a time.</summary>
public interface ICellVisitor
{
    /// <summary>Whether the cells of a series are of interest; asked often, so answer from a cache.</summary>
    bool Wants(Series series);

    /// <summary>A distribution cell, valid during the call only. A series and slice may come several times: the parts add up.</summary>
    void Visit(Series series, Slice slice, DistributionCell cell);

    /// <summary>A counter cell. A series and slice may come several times: the parts add up.</summary>
    void Visit(Series series, Slice slice, CounterCell cell);
}
