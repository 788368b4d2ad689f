using Kpi.SamplePlatform.Demo;
using Kpi.SamplePlatform.Load;
using Kpi.SamplePlatform.Servers;

namespace Kpi.Tests.SamplePlatform.Demo;

public sealed class DemoFolderTests : IDisposable
{
    private readonly Dummies dummies = new();

    [Fact]
    public async Task A_folder_is_closed_but_for_passing_through_and_marked_with_its_launcher()
    {
        var folder = await DemoFolder.CreateAsync(dummies.Parent, CancellationToken.None);

        Assert.Matches(@"/kpi-demo-\d+-[0-9a-f]{6}$", folder.Path);
        Assert.Equal("711", (await ServerCommand.RunAsync("stat", ["-c", "%a", folder.Path], CancellationToken.None)).Trim());
        Assert.Equal(ProcessMark.Of(Environment.ProcessId).ToString(), await File.ReadAllTextAsync(folder.In("launcher.mark")));
    }

    [Fact]
    public async Task Too_little_room_is_said_before_anything_is_made()
    {
        await ServerCommand.RunAsync("mount", ["-t", "tmpfs", "-o", "size=100m", "tmpfs", dummies.Parent], CancellationToken.None);
        try
        {
            var failure = Assert.Throws<DemoException>(() => DemoFolder.RequireSpace(dummies.Parent, LoadPreset.Find("1k")!));
            Assert.Contains("500 MB", failure.Message, StringComparison.Ordinal);
            Assert.Contains("100 MB are free", failure.Message, StringComparison.Ordinal);
        }
        finally
        {
            await ServerCommand.RunAsync("umount", [dummies.Parent], CancellationToken.None);
        }
    }

    [Fact]
    public void A_process_that_is_not_there_has_no_mark() => Assert.Null(ProcessMark.Of(999_999_999));

    public void Dispose() => dummies.Dispose();
}
