using Kpi.Rollups.Identity;
using Kpi.Rollups.Time;
using Kpi.SloEngine.Evaluation;
using Kpi.SloEngine.Status;
using Kpi.Testing;

namespace Kpi.Tests.SloEngine.Evaluation;

/// <summary>The cache's KPI through lanes, flushes, the store and a moving window.</summary>
public sealed class CacheWindowTests
{
    private static readonly TrailingWindow FiveMinutes = new("5m", TimeSpan.FromMinutes(5));
    private static readonly string[] Outcomes = ["l1_hit", "l2_hit", "coalesced", "load", "bypass"];

    private readonly FakeClock clock = new();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Flushes_and_time_in_any_order_give_what_a_list_gives(int seed)
    {
        await using var platform = await Platform.StartAsync(clock, Platform.Kpis + Platform.CacheKpi);
        using var evaluator = new WindowEvaluator(FiveMinutes, platform.Rollup, platform.NewContext(), clock);
        var random = new Random(seed);
        var sent = new List<(int Slice, string Outcome, int Gain)>();
        for (var i = 0; i < 80; i++)
        {
            switch (random.Next(4))
            {
                case 0:
                    await platform.FlushAsync();
                    break;
                case 1:
                    clock.Advance(TimeSpan.FromSeconds(random.Next(1, 15)));
                    break;
                default:
                    var (outcome, gain) = (Outcomes[random.Next(Outcomes.Length)], random.Next(0, 90));
                    var ago = TimeSpan.FromSeconds(random.Next(400));
                    await platform.CountAsync(Reads(outcome, random.Next(3)), gain, ago);
                    sent.Add((Slice.Of(UnixNanos.From(clock.GetUtcNow() - ago)).Number, outcome, gain));
                    break;
            }

            var found = (await evaluator.EvaluateAsync(CancellationToken.None)).Kpis[4];
            var range = SliceRange.EndingAt(UnixNanos.Now(clock), FiveMinutes.Length);
            var inside = sent.Where(s => range.Contains(new Slice(s.Slice))).ToList();
            double reads = inside.Where(s => s.Outcome != "bypass").Sum(s => s.Gain);
            double loads = inside.Where(s => s.Outcome == "load").Sum(s => s.Gain);
            Assert.Equal(reads > 0 ? (reads - loads) / reads : null, found.Value);
            Assert.Equal(reads > 0 ? reads : null, found.Denominator is 0 ? null : found.Denominator);
            Assert.Equal(inside.Any(s => s.Outcome == "l1_hit"), found.Layers![0].Hits is not null);
        }
    }

    [Fact]
    public async Task A_definition_that_is_edited_measures_from_the_next_evaluation_on()
    {
        await using var platform = await Platform.StartAsync(clock, Platform.Kpis + Platform.CacheKpi);
        var context = platform.NewContext();
        using var evaluator = new WindowEvaluator(FiveMinutes, platform.Rollup, context, clock);
        await platform.CountAsync(Reads("l2_hit", 0), 60);
        await platform.CountAsync(Reads("load", 0), 40);
        await platform.FlushAsync();
        Assert.Equal(0.6, (await evaluator.EvaluateAsync(CancellationToken.None)).Kpis[4].Value);
        var withoutLoads = Platform.CacheKpi.Replace("|coalesced|load|load_error\"}']\n    loads", "\"}']\n    loads");
        platform.Alerts.Write("kpis.yaml", Platform.Kpis + withoutLoads);
        Assert.True(context.PollDefinitions());
        var edited = (await evaluator.EvaluateAsync(CancellationToken.None)).Kpis[4];
        Assert.Equal((60.0, 0.6), (edited.Denominator, edited.Layers![1].Ratio));
    }

    private static Labels Reads(string outcome, int instance) => Labels.Of(
        ("__name__", "app.cache.reads"),
        ("app.cache.outcome", outcome),
        ("service.name", "shop"),
        ("service.instance.id", $"{instance}"));
}
