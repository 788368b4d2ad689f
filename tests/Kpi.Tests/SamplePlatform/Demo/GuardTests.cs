using Kpi.SamplePlatform.Demo;
using Kpi.SamplePlatform.Servers;

namespace Kpi.Tests.SamplePlatform.Demo;

public sealed class GuardTests : IDisposable
{
    private readonly Dummies dummies = new();

    [Fact]
    public async Task When_the_launcher_ends_all_parts_and_servers_end_and_the_folder_goes()
    {
        await ServerCommand.RunAsync("chmod", ["711", dummies.Parent], CancellationToken.None);
        var folder = await DemoFolder.CreateAsync(dummies.Parent, CancellationToken.None);
        using var guard = Guard.Watch(folder.Path);
        var shop = await dummies.StartAsync(folder, "shop");
        var stubborn = await dummies.StartAsync(folder, "kpi", "trap '' TERM; while true; do sleep 0.1; done");
        var shard = await PostgresServer.CreateAsync(folder.Server("shard-1"), "shard-1", null, CancellationToken.None);
        var redis = await RedisServer.CreateAsync(folder.Server("redis"), "redis", CancellationToken.None);

        await guard.CleanAsync();

        Assert.False(Directory.Exists(folder.Path));
        Assert.False(shard.IsRunning);
        Assert.False(redis.IsRunning);
        Assert.True(FreePort.IsFree(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, shard.Port)));
        await Collector.Wait.UntilAsync(() => shop.HasEnded && stubborn.HasEnded);
    }

    [Fact]
    public async Task A_sweep_removes_what_a_killed_launcher_left()
    {
        var folder = await AbandonedAsync();
        var shop = await dummies.StartAsync(folder, "shop");

        Assert.Equal([folder.Path], await Guard.SweepAsync(dummies.Parent, CancellationToken.None));

        Assert.False(Directory.Exists(folder.Path));
        await Collector.Wait.UntilAsync(() => shop.HasEnded);
    }

    [Fact]
    public async Task A_sweep_leaves_a_demo_that_runs()
    {
        var folder = await DemoFolder.CreateAsync(dummies.Parent, CancellationToken.None);
        var shop = await dummies.StartAsync(folder, "shop");

        Assert.Empty(await Guard.SweepAsync(dummies.Parent, CancellationToken.None));

        Assert.True(Directory.Exists(folder.Path));
        Assert.False(shop.HasEnded);
    }

    [Fact]
    public async Task A_pid_that_another_process_has_now_is_not_killed()
    {
        var folder = await AbandonedAsync();
        var other = await DemoFolder.CreateAsync(dummies.Parent, CancellationToken.None);
        var innocent = await dummies.StartAsync(other, "innocent");
        var mark = await File.ReadAllTextAsync(other.In("innocent.mark"));
        await File.WriteAllTextAsync(folder.In("shop.mark"), $"{mark.Split(' ')[0]} 12345\n");
        await File.WriteAllTextAsync(folder.In("kpi.mark"), "-1 0\n");

        Assert.Equal([folder.Path], await Guard.SweepAsync(dummies.Parent, CancellationToken.None));

        Assert.False(innocent.HasEnded);
    }

    [Fact]
    public async Task A_sweep_touches_neither_links_nor_folders_of_others_nor_folders_of_another_name()
    {
        var kept = Directory.CreateDirectory(Path.Combine(dummies.Parent, "kept"));
        await File.WriteAllTextAsync(Path.Combine(kept.FullName, "launcher.mark"), "999999999 1\n");
        var example = await AbandonedAsync();
        Directory.CreateSymbolicLink(example.Path + "-link", kept.FullName);
        await ServerCommand.RunAsync("cp", ["-a", kept.FullName, example.Path + "-foreign"], CancellationToken.None);
        await ServerCommand.RunAsync("chown", ["nobody", example.Path + "-foreign"], CancellationToken.None);

        Assert.Equal([example.Path], await Guard.SweepAsync(dummies.Parent, CancellationToken.None));

        Assert.True(File.Exists(Path.Combine(kept.FullName, "launcher.mark")));
        Assert.True(Directory.Exists(example.Path + "-link"));
        Assert.True(Directory.Exists(example.Path + "-foreign"));
    }

    [Fact]
    public async Task A_folder_made_a_moment_ago_and_not_yet_marked_stays()
    {
        var folder = await AbandonedAsync();
        File.Delete(folder.In("launcher.mark"));

        Assert.Empty(await Guard.SweepAsync(dummies.Parent, CancellationToken.None));
        await ServerCommand.RunAsync("touch", ["-d", "5 minutes ago", folder.Path], CancellationToken.None);
        Assert.Equal([folder.Path], await Guard.SweepAsync(dummies.Parent, CancellationToken.None));
    }

    [Fact]
    public async Task When_the_guard_was_killed_too_the_launcher_still_leaves_nothing()
    {
        var folder = await DemoFolder.CreateAsync(dummies.Parent, CancellationToken.None);
        using var guard = Guard.Watch(folder.Path);
        var shop = await dummies.StartAsync(folder, "shop");
        await ServerCommand.RunAsync("pkill", ["-KILL", "-f", $"guard.sh wait {folder.Path}"], CancellationToken.None);

        await guard.CleanAsync();

        Assert.False(Directory.Exists(folder.Path));
        await Collector.Wait.UntilAsync(() => shop.HasEnded);
    }

    public void Dispose() => dummies.Dispose();

    // A launcher of that pid never was: the kernel's largest is about four million.
    private async Task<DemoFolder> AbandonedAsync()
    {
        var folder = await DemoFolder.CreateAsync(dummies.Parent, CancellationToken.None);
        await File.WriteAllTextAsync(folder.In("launcher.mark"), "999999999 1\n");
        return folder;
    }
}
