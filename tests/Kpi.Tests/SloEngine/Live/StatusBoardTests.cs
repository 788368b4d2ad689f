using Kpi.SloEngine.Live;
using Kpi.SloEngine.Status;
using Kpi.Tests.SloEngine.Status;

namespace Kpi.Tests.SloEngine.Live;

public sealed class StatusBoardTests
{
    private static readonly StatusWindow Window = StatusWindow.Live[0];
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly StatusBoard board = new();

    [Fact]
    public async Task Who_waits_is_woken_by_a_newer_status_of_that_window_alone()
    {
        var waiting = board.NextAsync(Window, after: 1, CancellationToken.None);
        board.Publish(StatusWindow.Live[1], Statuses.Numbered(5));
        board.Publish(Window, Statuses.Numbered(1));
        Assert.False(waiting.IsCompleted);
        board.Publish(Window, Statuses.Numbered(2));
        Assert.Equal(2, (await waiting.WaitAsync(Patience)).Version);
    }

    [Fact]
    public async Task What_is_there_already_is_given_at_once()
    {
        board.Publish(Window, Statuses.Numbered(3));
        Assert.Equal(3, (await board.NextAsync(Window, after: 2, CancellationToken.None).WaitAsync(Patience)).Version);
    }

    [Fact]
    public async Task A_slow_waiter_gets_the_newest_only()
    {
        for (var version = 1; version <= 100; version++)
        {
            board.Publish(Window, Statuses.Numbered(version));
        }

        Assert.Equal(100, (await board.NextAsync(Window, after: 4, CancellationToken.None)).Version);
        Assert.False(board.NextAsync(Window, after: 100, CancellationToken.None).IsCompleted);
    }

    [Fact]
    public async Task All_who_wait_are_woken_and_who_gives_up_is_not()
    {
        using var impatient = new CancellationTokenSource();
        var givenUp = board.NextAsync(Window, after: 0, impatient.Token);
        List<Task<WindowStatus>> waiting = [.. Enumerable.Range(0, 100).Select(_ => board.NextAsync(Window, 0, CancellationToken.None))];
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => givenUp);
        board.Publish(Window, Statuses.Numbered(1));
        Assert.All(await Task.WhenAll(waiting).WaitAsync(Patience), status => Assert.Equal(1, status.Version));
    }

    [Fact]
    public void A_window_is_watched_until_the_last_watcher_has_left()
    {
        Assert.False(board.IsWatched(Window));
        var first = board.Watch(Window);
        var second = board.Watch(Window);
        first.Dispose();
        first.Dispose(); // leaving twice is leaving once
        Assert.True(board.IsWatched(Window));
        Assert.False(board.IsWatched(StatusWindow.Live[1]));
        second.Dispose();
        Assert.False(board.IsWatched(Window));
    }

    [Fact]
    public async Task Parts_that_did_not_change_are_published_as_the_same_objects()
    {
        board.Publish(Window, Statuses.Numbered(1));
        var first = await board.NextAsync(Window, 0, CancellationToken.None);
        board.Publish(Window, Statuses.Numbered(2));
        var second = await board.NextAsync(Window, 1, CancellationToken.None);
        Assert.Same(first.Ingest, second.Ingest);
    }
}
