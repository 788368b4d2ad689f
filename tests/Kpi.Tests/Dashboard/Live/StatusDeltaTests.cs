using Kpi.Dashboard.Live;
using Kpi.SloEngine.Status;
using Kpi.Tests.SloEngine.Status;

namespace Kpi.Tests.Dashboard.Live;

public sealed class StatusDeltaTests
{
    [Fact]
    public void Applied_to_the_older_status_it_gives_the_newer_one()
    {
        for (var seed = 0; seed < 2_000; seed++)
        {
            var random = new Random(seed);
            var older = Statuses.Drawn(1, random);
            var newer = Statuses.Drawn(2, random).Reusing(older);
            var delta = StatusDelta.Between(older, newer);
            Assert.Equal(StatusReuseTests.Json(newer), StatusReuseTests.Json(Apply(older, delta)));
            Assert.All(delta.Kpis, kpi => Assert.DoesNotContain(older.Kpis, k => StatusReuseTests.Json(k) == StatusReuseTests.Json(kpi)));
            Assert.All(
                delta.Services,
                service => Assert.DoesNotContain(older.Services, s => StatusReuseTests.Json(s) == StatusReuseTests.Json(service)));
        }
    }

    [Fact]
    public void A_chain_of_statuses_may_skip_some()
    {
        var random = new Random(7);
        var held = Statuses.Drawn(1, random);
        var board = held;
        for (var version = 2; version < 500; version++)
        {
            board = Statuses.Drawn(version, random).Reusing(board);
            if (random.Next(3) == 0)
            {
                held = Apply(held, StatusDelta.Between(held, board));
                Assert.Equal(StatusReuseTests.Json(board), StatusReuseTests.Json(held));
            }
        }
    }

    [Fact]
    public void Nothing_can_be_built_upon_another_list_of_kpis()
    {
        var older = Statuses.Numbered(1);
        var fewer = older with { Version = 2, Kpis = [.. older.Kpis.Skip(1)] };
        var moved = older with { Version = 2, Kpis = [.. older.Kpis.Reverse()] };
        Assert.Equal(1, StatusDelta.Between(older, older with { Version = 2 }).Base);
        Assert.Equal(2, StatusDelta.Between(older, fewer).Base);
        Assert.Equal(2, StatusDelta.Between(older, moved).Base);
    }

    [Fact]
    public void Nothing_can_be_built_upon_lines_of_another_step()
    {
        var older = Statuses.Numbered(1);
        Assert.Equal(2, StatusDelta.Between(older, older with { Version = 2, StepSeconds = 20 }).Base);
    }

    /// <summary>What the page does with a delta: replaces by key, keeps the order, appends what is new, removes what is gone.</summary>
    private static WindowStatus Apply(WindowStatus older, StatusDelta delta)
    {
        Assert.Equal(older.Version, delta.Base);
        return older with
        {
            Version = delta.Version,
            LineFrom = delta.LineFrom,
            At = delta.At,
            From = delta.From,
            To = delta.To,
            Watermark = delta.Watermark,
            Tier = delta.Tier,
            Kpis = [.. older.Kpis.Select(k => delta.Kpis.FirstOrDefault(d => d.Id == k.Id) ?? k)],
            Services =
            [
                .. older.Services.Where(s => delta.Services.All(d => d.Service != s.Service) && !delta.Gone.Contains(s.Service))
                    .Concat(delta.Services)
                    .OrderBy(s => s.Service, StringComparer.Ordinal),
            ],
            Ingest = delta.Ingest ?? older.Ingest,
            Problems = delta.Problems ?? older.Problems,
        };
    }
}
