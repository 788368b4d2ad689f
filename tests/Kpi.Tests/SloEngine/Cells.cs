using Kpi.Rollups.Cells;

namespace Kpi.Tests.SloEngine;

/// <summary>Cells and definitions made by hand.</summary>
internal static class Cells
{
    public static DistributionCell Of(EdgeSet edges, IEnumerable<double> seconds, uint weight = 1)
    {
        var cell = new DistributionCell(new CellMemory());
        cell.Reset(edges);
        foreach (var value in seconds)
        {
            Assert.True(cell.TryAdd((long)Math.Round(value * 1e9), weight));
        }

        return cell;
    }

    /// <summary>A counter's cell that came as an increase.</summary>
    public static CounterCell Gain(double increase) => new(FixedSum.From(increase), 1, 0, 0, double.NaN, false);
}
