using System.Text.Json;
using Kpi.SloEngine.Status;

namespace Kpi.Tests.SloEngine.Status;

public sealed class StatusReuseTests
{
    [Fact]
    public void Reuse_changes_no_value_and_keeps_exactly_what_is_equal()
    {
        for (var seed = 0; seed < 2_000; seed++)
        {
            var random = new Random(seed);
            var earlier = Statuses.Drawn(1, random);
            var status = Statuses.Drawn(2, random);
            var reused = status.Reusing(earlier);
            Assert.Equal(Json(status), Json(reused));
            for (var i = 0; i < status.Kpis.Count; i++)
            {
                Assert.Equal(Json(status.Kpis[i]) == Json(earlier.Kpis[i]), ReferenceEquals(reused.Kpis[i], earlier.Kpis[i]));
            }

            foreach (var service in reused.Services)
            {
                var before = earlier.Services.FirstOrDefault(s => s.Service == service.Service);
                Assert.Equal(before is not null && Json(before) == Json(service), ReferenceEquals(before, service));
            }

            Assert.Equal(Json(status.Ingest) == Json(earlier.Ingest), ReferenceEquals(reused.Ingest, earlier.Ingest));
            Assert.Equal(Json(status.Problems) == Json(earlier.Problems), ReferenceEquals(reused.Problems, earlier.Problems));
        }
    }

    [Fact]
    public void Without_an_earlier_one_it_is_itself()
    {
        var status = Statuses.Numbered(1);
        Assert.Same(status, status.Reusing(null));
    }

    [Fact]
    public void A_kpi_that_moved_to_another_place_is_not_taken_for_its_predecessor_there()
    {
        var earlier = Statuses.Numbered(1);
        var moved = earlier with { Version = 2, Kpis = [.. earlier.Kpis.Reverse()] };
        Assert.Equal(moved.Kpis.Select(k => k.Id), moved.Reusing(earlier).Kpis.Select(k => k.Id));
    }

    internal static string Json<T>(T value) => JsonSerializer.Serialize(value);
}
