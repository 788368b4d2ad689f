using Kpi.Rollups.Identity;
using Kpi.Rollups.Intake;
using static Kpi.Tests.Collector.TestPoints;

namespace Kpi.Tests.Collector.Lookup;

public sealed class LabelShaperTests : IDisposable
{
    private readonly MetricBed bed = new();

    public void Dispose() => bed.Dispose();

    [Fact]
    public void Increases_that_differ_in_a_dropped_label_alone_become_one_series_and_add_up()
    {
        Policy(drop: ["user.id"]);
        bed.Take(Request(Delta(Point(3, 0, 10, "user.id=1", "a=x"), Point(4, 0, 10, "user.id=2", "a=x"), Point(5, 0, 10, "user.id=2", "a=y"))));
        Assert.Equal(new() { ["app.orders{a=\"x\"}"] = 7, ["app.orders{a=\"y\"}"] = 5 }, bed.Increases());
    }

    [Fact]
    public void Running_totals_keep_a_label_that_is_to_be_dropped_and_it_is_said()
    {
        Policy(drop: ["user.id"]);
        var tally = bed.Take(Request(Cumulative(Point(3, 0, 10, "user.id=1"), Point(4, 0, 10, "user.id=2"))));
        Assert.Equal((2, 0), (tally[RejectReason.LabelKept], tally.Rejected));
        Assert.Equal(2, bed.Increases().Count);
    }

    [Fact]
    public void Of_a_limited_label_as_many_values_are_told_apart_as_the_rule_says()
    {
        Policy(limit: new() { ["path"] = 2 });
        bed.Take(Request(Delta([.. Enumerable.Range(0, 6).Select(i => Point(1, 0, 10, $"path=/{i}"))])));
        bed.Take(Request(Delta(Point(1, 0, 10, "path=/0"), Point(1, 0, 10, "path=/9"))));
        Assert.Equal(
            new() { ["app.orders{path=\"/0\"}"] = 2, ["app.orders{path=\"/1\"}"] = 1, ["app.orders{path=\"_OTHER\"}"] = 5 },
            bed.Increases());
    }

    [Fact]
    public void A_hashed_value_is_told_apart_and_cannot_be_read_and_another_key_gives_another_hash()
    {
        Policy(hash: ["mail"]);
        var request = Request(Cumulative(Point(3, 0, 10, "mail=ada@example.org"), Point(4, 0, 10, "mail=bob@example.org")));
        bed.Take(request);
        using var other = new MetricBed();
        other.Catalog.LabelPolicy = bed.Catalog.LabelPolicy;
        other.Take(request);
        Assert.Equal(2, bed.Increases().Count);
        Assert.DoesNotContain(bed.Increases().Keys, k => k.Contains('@', StringComparison.Ordinal));
        Assert.Empty(bed.Increases().Keys.Intersect(other.Increases().Keys));
    }

    [Fact]
    public void A_policy_that_changes_holds_for_series_known_before_too()
    {
        var request = Request(Delta(Point(3, 0, 10, "user.id=1")));
        bed.Take(request);
        Policy(drop: ["user.id"]);
        bed.Take(request);
        Assert.Equal(new() { ["app.orders{user.id=\"1\"}"] = 3, ["app.orders{}"] = 3 }, bed.Increases());
    }

    [Fact]
    public void A_limit_that_was_lowered_holds_from_then_on()
    {
        var request = Request(Delta([.. Enumerable.Range(0, 4).Select(i => Point(1, 0, 10, $"path=/{i}"))]));
        Policy(limit: new() { ["path"] = 3 });
        bed.Take(request);
        Assert.Equal(4, bed.Increases().Count);
        Policy(limit: new() { ["path"] = 1 });
        bed.Take(request);
        Assert.Equal(
            new() { ["app.orders{path=\"/0\"}"] = 2, ["app.orders{path=\"/1\"}"] = 1, ["app.orders{path=\"/2\"}"] = 1, ["app.orders{path=\"_OTHER\"}"] = 4 },
            bed.Increases());
    }

    [Fact]
    public void A_label_without_a_value_is_none_to_any_rule()
    {
        Policy(drop: ["user.id"], hash: ["mail"], limit: new() { ["path"] = 1 });
        bed.Take(Request(Delta(Point(3, 0, 10, "mail=", "path="), Point(4, 0, 10, "path=/a"))));
        Assert.Equal(new() { ["app.orders{}"] = 3, ["app.orders{path=\"/a\"}"] = 4 }, bed.Increases());
        Assert.Equal(0, bed.Take(Request(Cumulative(Point(3, 0, 10, "user.id="))))[RejectReason.LabelKept]);
    }

    [Fact]
    public void A_label_that_running_totals_keep_is_hashed_where_a_rule_hashes_it()
    {
        Policy(drop: ["mail"], hash: ["mail"]);
        var tally = bed.Take(Request(Cumulative(Point(3, 0, 10, "mail=ada@example.org"))));
        Assert.Equal(1, tally[RejectReason.LabelKept]);
        Assert.Matches("^app.orders{mail=\"[0-9a-f]{16}\"}$", Assert.Single(bed.Increases()).Key);
    }

    [Fact]
    public void A_rule_concerns_the_metrics_it_names_and_those_that_begin_as_it_says()
    {
        var rule = new LabelRule("http.*", [], [], new Dictionary<string, int>());
        Assert.True(rule.Concerns("http.server.request.duration"));
        Assert.False(rule.Concerns("rpc.http."));
        Assert.True((rule with { Metric = "a" }).Concerns("a"));
        Assert.False((rule with { Metric = "a" }).Concerns("ab"));
    }

    private void Policy(string[]? drop = null, string[]? hash = null, Dictionary<string, int>? limit = null) =>
        bed.Catalog.LabelPolicy = new LabelPolicy([new LabelRule("app.*", drop ?? [], hash ?? [], limit ?? [])]);
}
