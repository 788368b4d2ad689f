using Kpi.Rollups.Cells;
using Kpi.Rollups.Time;
using Kpi.SloEngine.Evaluation;
using Kpi.SloEngine.Status;

namespace Kpi.Tests.SloEngine.Evaluation;

public sealed class ServiceEvaluationTests
{
    private static readonly SliceRange Range = new(new Slice(1_000), new Slice(1_006));
    private static readonly SeriesRole Good = new("shop", RequestOutcome.Good, [], "spans");

    [Fact]
    public void A_line_begins_with_the_first_request_shows_idle_steps_as_zero_and_leaves_the_open_step_out()
    {
        var totals = new ServiceTotals(steps: 7);
        Add(totals, step: 1, requests: 5);
        Add(totals, step: 4, requests: 20);
        Add(totals, step: 6, requests: 3);

        var row = ServiceEvaluation.Evaluate("shop", totals, new WindowFrame(Range, 1), now: new UnixNanos(Range.To.Value - 1));

        Assert.Equal([null, 0.5, 0.0, 0.0, 2.0, 0.0, null], row.Spark);
        Assert.Equal(28, row.Requests);
        Assert.Equal(28 / 70.0, row.Rate);
    }

    [Fact]
    public void A_last_step_that_is_shorter_is_divided_by_its_own_length()
    {
        var totals = new ServiceTotals(steps: 2);
        Add(totals, step: 0, requests: 30);
        Add(totals, step: 1, requests: 30);

        var row = ServiceEvaluation.Evaluate("shop", totals, new WindowFrame(Range, 6), now: Range.To);

        Assert.Equal([0.5, 3.0], row.Spark);
    }

    private static void Add(ServiceTotals totals, int step, int requests)
    {
        var cell = new DistributionCell(new CellMemory());
        cell.Reset(EdgeSet.None);
        for (var i = 0; i < requests; i++)
        {
            cell.TryAdd(1_000_000, 1);
        }

        totals.Add(Range.First.Plus(step), step, Good, new CountedCell(cell));
    }
}
