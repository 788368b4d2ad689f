using Kpi.Rollups.Cells;
using Kpi.Rollups.Identity;
using Kpi.Rollups.Time;
using Kpi.SloEngine.Evaluation;
using Kpi.SloEngine.Status;

namespace Kpi.Tests.SloEngine.Evaluation;

public sealed class WindowTotalsTests
{
    private const int SlicesPerStep = 4;
    private static readonly SliceRange Range = new(new Slice(1_000), new Slice(1_029));
    private static readonly EdgeSet Edges = EdgeSet.Of([0.1, 0.15, 0.2]);
    private static readonly int[] Statuses = [200, 200, 200, 404, 499, 500, 503];
    private static readonly string[] Routes = ["/health", "/stream", "/buy", "/look"];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Sums_are_those_of_the_cells_however_they_are_split(int seed)
    {
        var random = new Random(seed);
        var roles = SeriesRolesTests.Roles(Platform.Kpis);
        List<Drawn> all = [.. Enumerable.Range(0, 400).Select(_ => Draw(random))];

        // Some cells come twice over a kept part and a fresh one, as they do between flushes.
        var kept = new WindowTotals(roles, kpiCount: 4, new WindowFrame(Range, SlicesPerStep));
        var totals = new WindowTotals(roles, kpiCount: 4, new WindowFrame(Range, SlicesPerStep));
        foreach (var drawn in all.Where(d => totals.Wants(d.Series)))
        {
            (random.Next(2) == 0 ? kept : totals).Visit(drawn.Series, drawn.Slice, Cells.Of(Edges, drawn.Seconds, drawn.Weight));
        }

        totals.Add(kept);
        var requests = all.Where(d => d.Series.Name == "http.server.request.duration").ToList();
        Assert.Equal(requests.Select(d => d.Service).Distinct().Order(), totals.Services.Keys.Order());
        foreach (var (service, found) in totals.Services)
        {
            var own = requests.Where(d => d.Service == service).ToList();
            AssertSums(own, found.All);
            Assert.Equal(own.Max(d => d.Slice.Number), found.Newest.Number);
            Assert.Equal(StepsOf(own).Select(step => step.Sum(d => d.Count)), found.Requests);
        }

        var selected = requests.Where(d => d.Series.Labels["http.route"] != "/health").ToList();
        AssertKpi(selected, totals.Kpis[2]);
        AssertKpi([.. selected.Where(d => d.Series.Labels["http.route"] != "/stream")], totals.Kpis[0]);
        AssertKpi([.. all.Where(d => d.Series.Labels["db.system.name"] == "postgresql")], totals.Kpis[3]);
        Assert.Equal(0, totals.Kpis[1].All.Durations.Count);
    }

    [Fact]
    public void What_no_figure_counts_is_not_wanted()
    {
        var totals = new WindowTotals(SeriesRolesTests.Roles(Platform.Kpis), kpiCount: 4, new WindowFrame(Range, SlicesPerStep));
        Assert.False(totals.Wants(Series.Of(SeriesKind.Distribution, "s", Labels.Of(("__name__", "http.client.request.duration")))));
        Assert.False(totals.Wants(Series.Of(SeriesKind.Counter, "s", Labels.Of(("__name__", "http.server.request.duration")))));
        Assert.True(totals.Wants(SeriesRolesTests.Request("shop", ("http.route", "/health"))));
    }

    [Fact]
    public void A_cell_longer_than_a_step_counts_once_and_shows_in_every_step_that_it_covers()
    {
        var totals = new WindowTotals(SeriesRolesTests.Roles(Platform.Kpis), kpiCount: 4, new WindowFrame(Range, SlicesPerStep));
        var quarter = new SliceRange(Range.First.Plus(4), Range.First.Plus(15));
        totals.Visit(SeriesRolesTests.Request("shop"), quarter, Cells.Of(Edges, [0.05, 0.1, 0.2, 0.3], weight: 2));
        var (shop, latency) = (totals.Services["shop"], totals.Kpis[0]);
        Assert.Equal((8L, 8L), (shop.All.Durations.Count, latency.All.Durations.Count));
        Assert.Equal([0L, 2, 3, 3, 0, 0, 0, 0], shop.Requests);
        Assert.Equal([null, 8L, 8L, 8L, null, null, null, null], latency.Steps.Select(s => s?.Durations.Count));
    }

    [Fact]
    public void Metrics_beside_spans_are_named_as_the_source()
    {
        var roles = SeriesRolesTests.Roles(Platform.Kpis);
        var totals = new WindowTotals(roles, kpiCount: 4, new WindowFrame(Range, SlicesPerStep));
        totals.Visit(SeriesRolesTests.Request("shop", ("kpi.from", "spans")), Range.First, Cells.Of(Edges, [0.1]));
        Assert.Equal("spans", totals.Kpis[0].Source);
        totals.Visit(SeriesRolesTests.Request("shop"), Range.First, Cells.Of(Edges, [0.1]));
        totals.Visit(SeriesRolesTests.Request("shop", ("kpi.from", "spans")), Range.First, Cells.Of(Edges, [0.1]));
        Assert.Equal("metrics", totals.Kpis[0].Source);
        Assert.Equal("metrics", totals.Services["shop"].Source);
        Assert.Null(totals.Kpis[3].Source);
    }

    private static void AssertKpi(List<Drawn> expected, KpiTotals found)
    {
        AssertSums(expected, found.All);
        Assert.Equal(expected.Max(d => d.Slice.Number), found.Newest?.Number);
        var steps = StepsOf(expected);
        Assert.Equal(steps.Count, found.Steps.Count);
        for (var i = 0; i < steps.Count; i++)
        {
            if (steps[i].Count == 0)
            {
                Assert.Null(found.Steps[i]);
            }
            else
            {
                AssertSums(steps[i], found.Steps[i]!);
            }
        }
    }

    private static void AssertSums(List<Drawn> expected, StepTotals found)
    {
        Assert.Equal(expected.Sum(d => d.Count), found.Durations.Count);
        Assert.Equal(expected.Sum(d => d.Seconds.Length), found.Durations.Observed);
        Assert.Equal(expected.Where(d => d.Status >= 500).Sum(d => d.Count), found.Bad);
        Assert.Equal(expected.Where(d => d.Status == 499).Sum(d => d.Count), found.Aborted);
        Assert.Equal(expected.Where(d => d.Status == 499).Sum(d => d.Seconds.Length), found.AbortedObserved);
        foreach (var edge in Edges.Edges)
        {
            var within = expected.Sum(d => d.Weight * d.Seconds.LongCount(s => s <= edge));
            Assert.Equal((within, within), found.Durations.CountAtMost(edge));
        }
    }

    private static List<List<Drawn>> StepsOf(List<Drawn> cells) =>
    [
        .. Enumerable.Range(0, (Range.Count + SlicesPerStep - 1) / SlicesPerStep)
            .Select(step => cells.Where(d => (d.Slice.Number - Range.First.Number) / SlicesPerStep == step).ToList()),
    ];

    private static Drawn Draw(Random random)
    {
        var service = $"service{random.Next(4)}";
        var status = Statuses[random.Next(Statuses.Length)];
        var isQuery = random.Next(4) == 0;
        var series = Series.Of(SeriesKind.Distribution, "s", isQuery
            ? Labels.Of(
                ("__name__", "db.client.operation.duration"),
                ("service.name", service),
                ("db.system.name", random.Next(2) == 0 ? "postgresql" : "redis"))
            : Labels.Of(
                ("__name__", "http.server.request.duration"),
                ("service.name", service),
                ("http.response.status_code", $"{status}"),
                ("http.route", Routes[random.Next(Routes.Length)])));
        double[] seconds = [.. Enumerable.Range(0, random.Next(1, 20)).Select(_ => random.Next(1, 400) / 1e3)];
        var slice = new Slice(random.Next(Range.First.Number, Range.Last.Number + 1));
        return new Drawn(series, service, isQuery ? 0 : status, slice, seconds, (uint)random.Next(1, 4));
    }

    private sealed record Drawn(Series Series, string Service, int Status, Slice Slice, double[] Seconds, uint Weight)
    {
        public long Count => Weight * Seconds.Length;
    }
}
