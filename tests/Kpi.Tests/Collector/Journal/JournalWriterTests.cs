using Kpi.Collector.Journal;

namespace Kpi.Tests.Collector.Journal;

public sealed class JournalWriterTests
{
    private static readonly JournalOptions Small = new() { SegmentBytes = 1 << 20, MaxBytes = 64 << 20, RetryWindow = TimeSpan.Zero };

    [Fact]
    public async Task What_was_promised_is_read_again_in_order()
    {
        var disk = new ForgetfulDisk();
        using (var run = new JournalRun(disk))
        {
            for (var i = 0; i < 100; i++)
            {
                Assert.True(await run.AppendAsync($"body {i}"));
            }
        }

        using var next = new JournalRun(disk);
        Assert.Equal(Enumerable.Range(0, 100).Select(i => $"body {i}"), next.Read);
        Assert.Empty(next.Found.Damages);
        Assert.False(next.Found.TornTail);
    }

    [Fact]
    public async Task Writing_goes_on_behind_what_was_found_and_segments_follow_each_other()
    {
        var disk = new ForgetfulDisk();
        var written = new List<string>();
        for (var life = 0; life < 5; life++)
        {
            using var run = new JournalRun(disk);
            Assert.Equal(written, run.Read);
            foreach (var body in Enumerable.Range(0, 7).Select(i => $"{life}.{i} " + new string('x', 300_000)))
            {
                Assert.True(await run.AppendAsync(body));
                written.Add(body);
            }
        }

        using var last = new JournalRun(disk);
        Assert.Equal(written, last.Read);
        Assert.True(last.Found.Segments.Count > 5);
    }

    [Fact]
    public async Task Records_hear_that_they_are_durable_in_the_order_of_their_positions()
    {
        var disk = new ForgetfulDisk();
        using var run = new JournalRun(disk);
        var told = Enumerable.Range(0, 2_000).Select(i => run.Start($"{i}")).ToList();
        long before = 0;
        foreach (var one in told)
        {
            var end = await one.Task.WaitAsync(TimeSpan.FromSeconds(20));
            Assert.True(end > before);
            before = end!.Value;
        }

        Assert.True(disk.Syncs < told.Count / 2, $"{disk.Syncs} syncs: they were not shared");
    }

    [Fact]
    public async Task A_body_larger_than_a_segment_gets_one_of_its_own()
    {
        var disk = new ForgetfulDisk();
        var large = new string('y', 3 << 20);
        using (var run = new JournalRun(disk))
        {
            Assert.True(await run.AppendAsync("before"));
            Assert.True(await run.AppendAsync(large));
            Assert.True(await run.AppendAsync("after"));
        }

        using var next = new JournalRun(disk);
        Assert.Equal(["before", large, "after"], next.Read);
    }

    [Fact]
    public async Task A_full_disk_refuses_and_goes_on_by_itself_when_there_is_room()
    {
        var disk = new ForgetfulDisk();
        using (var run = new JournalRun(disk))
        {
            Assert.True(await run.AppendAsync("one"));
            disk.Room = 40;
            Assert.False(await run.AppendAsync("two"));
            Assert.False(await run.AppendAsync("three"));
            disk.Room = long.MaxValue;
            Assert.True(await run.AppendAsync("four"));
            Assert.Equal(2, run.Metrics.Failures);
        }

        using var next = new JournalRun(disk);
        Assert.Equal(["one", "four"], next.Read);
        Assert.Empty(next.Found.Damages);
    }

    [Fact]
    public async Task No_room_for_a_first_segment_refuses_until_there_is()
    {
        var disk = new ForgetfulDisk { Room = 0 };
        using var run = new JournalRun(disk);
        Assert.False(await run.AppendAsync("one"));
        disk.Room = long.MaxValue;
        Assert.True(await run.AppendAsync("two"));
    }

    [Fact]
    public async Task A_sync_that_failed_is_not_believed_again_in_the_same_file()
    {
        var disk = new ForgetfulDisk();
        using (var run = new JournalRun(disk))
        {
            Assert.True(await run.AppendAsync("one"));
            disk.SyncFails = true;
            Assert.False(await run.AppendAsync("two"));
            disk.SyncFails = false;
            Assert.True(await run.AppendAsync("three"));
        }

        Assert.Equal(2, disk.List().Count);
        using var next = new JournalRun(disk);
        Assert.Equal(["one", "three"], next.Read);
    }

    [Fact]
    public async Task At_the_limit_it_refuses_until_a_release_makes_room()
    {
        var disk = new ForgetfulDisk();
        using var run = new JournalRun(disk, new JournalOptions { SegmentBytes = 1 << 20, MaxBytes = 4 << 20, RetryWindow = TimeSpan.Zero });
        var body = new string('z', 500_000);
        long end = 0;
        while (await run.PositionAsync(body) is { } position)
        {
            end = position;
        }

        Assert.InRange(run.Segments.HeldBytes, 3 << 20, 4 << 20);
        run.Segments.Release(end);
        Assert.True(await run.AppendAsync(body));
    }

    [Fact]
    public async Task Released_segments_are_used_again_and_their_old_records_never_read()
    {
        var disk = new ForgetfulDisk();
        using (var run = new JournalRun(disk, Small))
        {
            for (var i = 0; i < 200; i++)
            {
                run.Segments.Release((await run.PositionAsync($"{i} " + new string('r', 100_000)))!.Value);
            }

            Assert.True(disk.List().Count <= 5, string.Join(' ', disk.List()));
            Assert.True(await run.AppendAsync("last"));
        }

        using var next = new JournalRun(disk, Small);
        Assert.Equal("last", next.Read[^1]);
        Assert.Equal(next.Read.SkipLast(1).Select(r => int.Parse(r.Split(' ')[0], null)), Enumerable.Range(201 - next.Read.Count, next.Read.Count - 1));
        Assert.Empty(next.Found.Damages);
    }

    [Fact]
    public async Task Of_released_segments_the_bodies_stay_known_for_the_retry_window_over_restarts()
    {
        var disk = new ForgetfulDisk();
        var options = new JournalOptions { SegmentBytes = 1 << 20, RetryWindow = TimeSpan.FromMinutes(10) };
        var bodies = Enumerable.Range(0, 20).Select(i => $"{i} " + new string('r', 200_000)).ToList();
        using (var run = new JournalRun(disk, options))
        {
            long end = 0;
            foreach (var body in bodies)
            {
                end = (await run.PositionAsync(body))!.Value;
            }

            run.Segments.Release(end);
            Assert.True(run.Segments.HeldBytes <= 1 << 20);
        }

        using (var next = new JournalRun(disk, options))
        {
            Assert.Equal(
                bodies.Select(JournalRun.DigestOf).Order(),
                next.Remembered.Select(r => r.Digest).Concat(next.Read.Select(JournalRun.DigestOf)).Order());
            Assert.All(next.Remembered, r => Assert.Equal("ok"u8.ToArray(), r.Answer.ToArray()));
            next.Clock.Advance(TimeSpan.FromMinutes(10));
            next.Segments.Release(0);
        }

        using var last = new JournalRun(disk, options);
        Assert.Empty(last.Remembered);
    }

    [Fact]
    public void A_list_of_taken_bodies_that_is_not_whole_says_nothing()
    {
        var whole = TakenFile.Write([new TakenBody(1, "a"u8.ToArray()), new TakenBody(2, default)]);
        Assert.Equal([1, 2], TakenFile.Read(whole).Select(t => (int)t.Digest));
        for (var cut = 0; cut < whole.Length; cut++)
        {
            Assert.Empty(TakenFile.Read(whole.AsMemory(0, cut)));
            var harmed = whole.ToArray();
            harmed[cut] ^= 1;
            Assert.Empty(TakenFile.Read(harmed));
        }
    }
}
