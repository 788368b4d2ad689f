using Kpi.Rollups.Coverage;
using Kpi.Rollups.Identity;

namespace Kpi.Tests.Rollups.Coverage;

public sealed class SourceBookTests
{
    private const int FiveMinutes = 30;
    private const int Hour = 360;

    private readonly CoverageRun run = new();

    private static SourceIdentity Shop => CoverageRun.Shop;

    [Fact]
    public void One_that_speaks_once_a_minute_is_known_all_the_time()
    {
        run.Book.Begin();
        run.Live(60, Shop, every: 6);
        Assert.Equal(new WatchedShare(30, 30), run.Window(30).Of(Shop));
    }

    [Fact]
    public void Nothing_is_expected_before_it_was_first_heard()
    {
        run.Book.Begin();
        run.Live(20);
        run.Live(5, Shop);
        Assert.Equal(new WatchedShare(5, 5), run.Window(100).Of(Shop));
    }

    [Fact]
    public void Five_minutes_of_silence_are_idle_and_one_slice_more_is_unknown_back_to_the_first_that_it_missed()
    {
        run.Book.Begin();
        run.Live(10, Shop);
        run.Live(FiveMinutes);
        Assert.Equal(new WatchedShare(40, 40), run.Window(100).Of(Shop));
        run.Live(1);
        Assert.Equal(new WatchedShare(10, 41), run.Window(100).Of(Shop));
        Assert.Equal(new WatchedShare(0, 10), run.Window(10).Of(Shop));
        Assert.Equal(1, run.Book.Standings()[SourceStanding.Unknown]);
        Assert.Equal((Shop, run.Now.Plus(-31).End), Assert.Single(run.Book.Unknown(5)));
    }

    [Fact]
    public void When_it_returns_the_silence_stays_unknown()
    {
        run.Book.Begin();
        run.Live(10, Shop);
        run.Live(99);
        run.Live(5, Shop);
        Assert.Equal(new WatchedShare(15, 114), run.Window(200).Of(Shop));
        Assert.Equal(1, run.Book.Standings()[SourceStanding.Live]);
    }

    [Fact]
    public void After_an_hour_it_is_gone_and_nothing_more_is_expected_until_it_returns()
    {
        run.Book.Begin();
        run.Live(10, Shop);
        run.Live(Hour + 100);
        Assert.Equal(new WatchedShare(10, 10 + Hour), run.Window(1_000).Of(Shop));
        Assert.Null(run.Window(50).Of(Shop).Ratio);
        Assert.Equal(1, run.Book.Standings()[SourceStanding.Retired]);
        run.Live(5, Shop);
        Assert.Equal(new WatchedShare(15, 15 + Hour), run.Window(1_000).Of(Shop));
    }

    [Fact]
    public void While_we_were_away_nobody_can_say_that_it_was_gone()
    {
        run.Book.Begin();
        run.Live(10, Shop);
        run.Stop();
        run.Restart(2 * Hour);
        run.Live(1, Shop);
        Assert.Equal(new WatchedShare(11, 11 + (2 * Hour)), run.Window(2_000).Of(Shop));
    }

    [Fact]
    public void It_is_not_known_when_we_ourselves_were_not_listening()
    {
        run.Book.Begin();
        run.Live(10, Shop);
        run.Stop();
        run.Restart(4);
        run.Live(6, Shop);
        Assert.Equal(new WatchedShare(16, 20), run.Window(100).Of(Shop));
    }

    [Fact]
    public void A_batch_that_comes_late_tells_that_it_was_heard_then_but_not_that_we_listened()
    {
        run.Book.Begin();
        run.Live(10, Shop);
        run.Live(60);
        run.Hear(Shop, ago: 40);
        run.Hear(Shop, ago: 20);
        run.Hear(Shop);
        Assert.Equal(new WatchedShare(70, 70), run.Window(70).Of(Shop));
        run.Stop();
        run.Restart(10);
        run.Hear(Shop, ago: 5);
        run.Hear(Shop);
        Assert.Equal(new WatchedShare(70, 80), run.Window(80).Of(Shop));
    }

    [Fact]
    public void One_too_many_is_not_followed_and_counts_as_we_do()
    {
        var full = new CoverageRun(new RollupLimits { Sources = 2 });
        full.Book.Begin();
        full.Live(1, Shop);
        full.Hear(Shop with { Instance = "a2" });
        full.Hear(Shop with { Instance = "a3" });
        Assert.Equal(1, full.Book.Overflowed);
        var window = full.Window(10);
        Assert.Equal((true, false), (window.Follows(Shop), window.Follows(Shop with { Instance = "a3" })));
        Assert.Equal(window.Ours, window.Of(Shop with { Instance = "a3" }));
        full.Live(Hour + 1);
        full.Hear(Shop with { Instance = "a3" });
        Assert.True(full.Window(10).Follows(Shop with { Instance = "a3" }));
    }

    [Fact]
    public void Steps_add_up_to_the_whole_and_show_where_the_gap_is()
    {
        run.Book.Begin();
        run.Live(12, Shop);
        run.Live(36);
        run.Live(12, Shop);
        var window = run.Window(60);
        var steps = window.Steps([Shop], oursToo: true, slicesPerStep: 12);
        Assert.Equal([1, 0.5, 0.5, 0.5, 1], steps.Select(s => s.Ratio!.Value));
        Assert.Equal(window.Of(Shop) + window.Ours, steps.Aggregate((a, b) => a + b));
    }

    [Fact]
    public void The_watermark_waits_for_the_slowest_live_source_but_not_long()
    {
        run.Book.Begin();
        run.Live(12, Shop);
        Assert.Equal(run.Now.Plus(-1).End, run.Window(10).Watermark);
        run.Live(2);
        Assert.Equal(run.Now.Plus(-2).End, run.Window(10).Watermark);
        run.Live(20);
        Assert.Equal(run.Now.Plus(-3).End, run.Window(10).Watermark);
        run.Live(12, Shop with { Instance = "slow" }, every: 6);
        run.Live(10);
        Assert.Equal(run.Now.Plus(-10).End, run.Window(10).Watermark);
    }
}
