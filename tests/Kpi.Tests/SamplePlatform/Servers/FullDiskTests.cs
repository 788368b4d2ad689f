using Kpi.SamplePlatform.Servers;

namespace Kpi.Tests.SamplePlatform.Servers;

/// <summary>On a file system of a few megabytes; mounting it takes root, as the tests have in a container.</summary>
public sealed class FullDiskTests
{
    private const string Full = "no space left";

    [Theory]
    [InlineData("8m")]
    [InlineData("30m")]
    public async Task A_cluster_that_finds_no_room_says_so_and_leaves_nothing(string size)
    {
        using var folder = await ServersFolder.CreateAsync();
        await OnAsync(folder.Path, size, async () =>
        {
            var failure = await Assert.ThrowsAsync<ServerException>(
                () => PostgresServer.CreateAsync(folder["one"], "one", null, CancellationToken.None));
            Assert.Contains(Full, failure.Message, StringComparison.OrdinalIgnoreCase);
            Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
        });
    }

    [Fact]
    public async Task A_copy_of_the_template_that_finds_no_room_says_so_and_leaves_only_the_template()
    {
        using var folder = await ServersFolder.CreateAsync();
        await OnAsync(folder.Path, "64m", async () =>
        {
            var template = await PostgresTemplate.CreateAsync(folder["template"], CancellationToken.None);
            var failure = await Assert.ThrowsAsync<ServerException>(async () =>
            {
                for (var i = 0; i < 3; i++)
                {
                    var server = await PostgresServer.CreateAsync(folder[$"shard-{i}"], $"shard-{i}", template, CancellationToken.None);
                    await server.StopAsync(immediate: true, CancellationToken.None);
                }
            });
            Assert.Matches("^shard-[12]", failure.Message);
            Assert.Contains(Full, failure.Message, StringComparison.OrdinalIgnoreCase);
            Assert.False(Directory.Exists(folder["shard-2"]));
        });
    }

    private static async Task OnAsync(string folder, string size, Func<Task> test)
    {
        await ServerCommand.RunAsync("mount", ["-t", "tmpfs", "-o", $"size={size},mode=711", "tmpfs", folder], CancellationToken.None);
        try
        {
            await test();
        }
        finally
        {
            await ServerCommand.RunAsync("umount", [folder], CancellationToken.None);
        }
    }
}
