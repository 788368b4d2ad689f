using Kpi.Rollups.Cells;
using Kpi.Rollups.Reading;

namespace Kpi.SloEngine.Evaluation;

/// <summary>A cell that counts by value, whether we counted it ourselves or a sender did; valid as long as the cell.</summary>
internal readonly struct CountedCell
{
    private readonly DistributionCell? ours;
    private readonly HistogramCell? theirs;

    public CountedCell(DistributionCell cell) => ours = cell;

    public CountedCell(HistogramCell cell) => theirs = cell;

    /// <summary>Events.</summary>
    public long Count => ours?.Count ?? theirs!.Increase.Count;

    /// <summary>Observations behind them.</summary>
    public long Observed => ours?.Observed ?? theirs!.Increase.Count;

    public void AddTo(Distribution distribution)
    {
        if (ours is not null)
        {
            distribution.Add(ours);
        }
        else
        {
            distribution.Add(theirs!);
        }
    }
}
