using Kpi.Rollups.Cells;
using Kpi.Rollups.Identity;
using Kpi.Rollups.Time;
using Kpi.SloEngine.Evaluation;
using Kpi.SloEngine.Status;

namespace Kpi.Tests.SloEngine.Evaluation;

/// <summary>What a live evaluation does for every cell, ten times a second: nothing is made anew for a series that is known.</summary>
public sealed class EvaluationAllocationTests
{
    private const int Times = 10_000;
    private static readonly SliceRange Range = new(new Slice(1_000), new Slice(1_008));

    [Fact]
    public void Cells_of_known_series_allocate_nothing()
    {
        var kpis = Platform.Kpis.Replace("counted: queries", "counted: queries\n    worstBy: pool") + Platform.CacheKpi;
        var totals = new WindowTotals(SeriesRolesTests.Roles(kpis), kpiCount: 5, new WindowFrame(Range, 3));
        var reads = Series.Of(SeriesKind.Counter, "", Labels.Of(("__name__", "app.cache.reads"), ("app.cache.outcome", "load")));
        var other = Series.Of(SeriesKind.Counter, "", Labels.Of(("__name__", "app.orders")));
        var query = Series.Of(
            SeriesKind.Distribution,
            "s",
            Labels.Of(("__name__", "db.client.operation.duration"), ("db.system.name", "postgresql"), ("pool", "shard-1")));
        var durations = Cells.Of(EdgeSet.Of([0.01, 0.02, 0.025, 0.05, 0.125]), [0.004, 0.3]);
        var gain = Cells.Gain(3);
        VisitAll();
        Assert.False(totals.Wants(other));

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Times; i++)
        {
            VisitAll();
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, Times); // less than a byte each: the runtime's own noise
        Assert.Equal(3 * (Times + 1), totals.Kpis[4].Counters!.All[0]);
        Assert.Equal(2 * (Times + 1), totals.Kpis[3].Groups!.Groups["shard-1"].Durations.Count);

        void VisitAll()
        {
            if (totals.Wants(reads) && totals.Wants(query) && !totals.Wants(other))
            {
                totals.Visit(reads, Range.First, gain);
                totals.Visit(query, Range.First, durations);
            }
        }
    }
}
