using Kpi.Collector.Retries;
using Kpi.Testing;

namespace Kpi.Tests.Collector.Retries;

public sealed class RetryWindowTests
{
    private static readonly byte[] Answer = [1, 2, 3];

    private readonly FakeClock clock = new();

    [Fact]
    public async Task A_body_that_comes_again_gets_the_first_answer_for_ten_minutes()
    {
        var window = Window();
        Assert.Null(window.Enter(7));
        window.Take(7, Answer);
        clock.Advance(TimeSpan.FromMinutes(10) - TimeSpan.FromMilliseconds(1));
        Assert.Same(Answer, await window.Enter(7)!);
        clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Null(window.Enter(7));
    }

    [Fact]
    public async Task A_body_that_comes_while_the_first_is_under_way_waits_for_its_answer()
    {
        var window = Window();
        Assert.Null(window.Enter(7));
        var second = window.Enter(7)!;
        Assert.False(second.IsCompleted);
        window.Take(7, Answer);
        Assert.Same(Answer, await second);
    }

    [Fact]
    public async Task A_refused_body_is_not_remembered()
    {
        var window = Window();
        Assert.Null(window.Enter(7));
        var second = window.Enter(7)!;
        window.Forget(7);
        Assert.Null(await second);
        Assert.Null(window.Enter(7));
    }

    [Fact]
    public void When_too_many_come_the_oldest_leave_and_are_counted()
    {
        var window = Window(most: 3);
        for (var i = 0; i < 5; i++)
        {
            Assert.Null(window.Enter((UInt128)i));
            window.Take((UInt128)i, Answer);
        }

        Assert.Equal(2, window.Shortened);
        Assert.Null(window.Enter(1));
        Assert.NotNull(window.Enter(2));
    }

    [Fact]
    public async Task What_a_replay_finds_is_remembered_from_the_start_on()
    {
        var window = Window();
        window.Take(7, Answer);
        window.Take(7, [9]);
        Assert.Same(Answer, await window.Enter(7)!);
    }

    [Fact]
    public void A_window_of_zero_remembers_nothing()
    {
        var window = new RetryWindow(TimeSpan.Zero, 10, clock);
        Assert.Null(window.Enter(7));
        window.Take(7, Answer);
        Assert.Null(window.Enter(7));
    }

    private RetryWindow Window(int most = 100) => new(TimeSpan.FromMinutes(10), most, clock);
}
