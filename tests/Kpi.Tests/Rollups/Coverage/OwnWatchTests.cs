using Kpi.Rollups.Coverage;
using Kpi.Rollups.Time;

namespace Kpi.Tests.Rollups.Coverage;

public sealed class OwnWatchTests
{
    private readonly CoverageRun run = new();

    [Fact]
    public void Before_the_first_slice_there_is_nothing_to_know()
    {
        Assert.Null(run.Window(30).Ours.Ratio);
        Assert.Null(run.Window(30).Watermark);
        run.Book.Begin();
        Assert.Equal(new WatchedShare(1, 1), run.Window(30).Ours);
        run.Live(9);
        Assert.Equal(new WatchedShare(10, 10), run.Window(30).Ours);
        Assert.Null(run.Book.Over(new SliceRange(run.Now.Plus(-30), run.Now.Plus(-20))).Ours.Ratio);
    }

    [Fact]
    public void The_time_down_is_unknown_and_the_slice_of_the_restart_with_it()
    {
        run.Book.Begin();
        run.Live(9);
        run.Stop();
        run.Restart(5);
        Assert.Equal(new WatchedShare(10, 15), run.Window(30).Ours);
        run.Live(5);
        Assert.Equal(new WatchedShare(15, 20), run.Window(30).Ours);
        Assert.Equal(new WatchedShare(5, 5), run.Window(5).Ours);
    }

    [Fact]
    public void A_restart_within_one_slice_costs_that_slice()
    {
        run.Book.Begin();
        run.Live(9);
        run.Stop();
        run.Restart(0);
        run.Live(10);
        Assert.Equal(new WatchedShare(19, 20), run.Window(30).Ours);
    }

    [Fact]
    public void After_a_crash_what_no_flush_and_no_body_proves_is_unknown()
    {
        run.Book.Begin();
        run.Live(9);
        run.Pass(3);
        run.Restart(4);
        Assert.Equal(new WatchedShare(9, 17), run.Window(30).Ours);
    }

    [Fact]
    public void A_body_that_a_replay_finds_proves_that_we_were_up()
    {
        run.Book.Begin();
        run.Live(9);
        run.Pass(1);
        run.Restart(4);
        run.Book.WasUp(run.Now.Plus(-5).End);
        run.Book.WasUp(run.Now.Plus(-4).End);
        Assert.Equal(new WatchedShare(11, 15), run.Window(30).Ours);
        run.Flush();
        run.Restart(1);
        Assert.Equal(new WatchedShare(11, 16), run.Window(30).Ours);
    }

    [Fact]
    public void A_slice_in_which_a_sender_was_turned_away_is_unknown_for_good()
    {
        run.Book.Begin();
        run.Live(4);
        run.Book.Miss();
        Assert.Equal(new WatchedShare(4, 5), run.Window(30).Ours);
        run.Live(5);
        Assert.Equal(new WatchedShare(9, 10), run.Window(30).Ours);
        run.Stop();
        run.Restart(1);
        Assert.Equal(new WatchedShare(9, 11), run.Window(30).Ours);
    }

    [Fact]
    public void What_is_beyond_the_retention_is_forgotten()
    {
        run.Limits.Retention = TimeSpan.FromMinutes(1);
        var brief = new CoverageRun(run.Limits);
        brief.Book.Begin();
        brief.Live(3);
        brief.Stop();
        brief.Restart(20);
        brief.Live(3);
        Assert.Equal(new WatchedShare(3, 4), brief.Window(100).Ours);
    }
}
