using Kpi.SamplePlatform.Demo;
using Kpi.SamplePlatform.Servers;
using Kpi.Tests.Collector;

namespace Kpi.Tests.SamplePlatform.Demo;

public sealed class DemoPartTests : IDisposable
{
    private readonly Dummies dummies = new();

    [Fact]
    public async Task A_part_is_marked_with_its_pid_and_start_and_lives_in_a_session_of_its_own()
    {
        var folder = await DemoFolder.CreateAsync(dummies.Parent, CancellationToken.None);
        await dummies.StartAsync(folder, "shop", "echo $$; sleep 1000");
        await Wait.UntilAsync(() => File.ReadAllText(folder.In("shop.log")).EndsWith('\n'));

        var pid = int.Parse(await File.ReadAllTextAsync(folder.In("shop.log")), System.Globalization.CultureInfo.InvariantCulture);

        Assert.Equal(ProcessMark.Of(pid).ToString(), await File.ReadAllTextAsync(folder.In("shop.mark")));
        var session = await ServerCommand.RunAsync("ps", ["-o", "sid=", "-p", $"{pid}"], CancellationToken.None);
        Assert.Equal(pid, int.Parse(session, System.Globalization.CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task A_part_that_ended_is_named_with_the_end_of_its_log()
    {
        var folder = await DemoFolder.CreateAsync(dummies.Parent, CancellationToken.None);
        var part = await dummies.StartAsync(folder, "shop", "echo out; echo 'what went wrong' >&2; exit 3");
        await Wait.UntilAsync(() => part.HasEnded);

        var failure = Assert.Throws<DemoException>(part.RequireRunning);

        Assert.Equal("shop ended with 3. The end of its log:\nout\nwhat went wrong", failure.Message);
    }

    [Fact]
    public async Task A_stop_lets_a_part_end_in_order()
    {
        var folder = await DemoFolder.CreateAsync(dummies.Parent, CancellationToken.None);
        var shell = $"trap 'touch {folder.Path}/ended; exit' TERM; echo ready; while true; do sleep 0.05; done";
        var part = await dummies.StartAsync(folder, "shop", shell);
        await Wait.UntilAsync(() => File.ReadAllText(folder.In("shop.log")).Length > 0);

        await part.StopAsync();

        Assert.True(part.HasEnded);
        Assert.True(File.Exists(folder.In("ended")));
    }

    [Fact]
    public async Task The_environment_is_the_launchers_but_for_the_changes()
    {
        var folder = await DemoFolder.CreateAsync(dummies.Parent, CancellationToken.None);
        var changes = new Dictionary<string, string?> { ["HOME"] = null, ["ADDED"] = "a b" };
        using var part = DemoPart.Start(folder, "shop", "bash", ["-c", "echo \"${HOME-none} ${ADDED-none} ${PATH:+path}\""], changes);
        await Wait.UntilAsync(() => part.HasEnded);

        Assert.Equal("none a b path", part.LogTail);
    }

    public void Dispose() => dummies.Dispose();
}
