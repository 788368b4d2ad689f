using Kpi.SamplePlatform.Servers;

namespace Kpi.Tests.SamplePlatform.Servers;

public sealed class ServerProgramsTests
{
    [Fact]
    public async Task The_newest_postgres_is_taken()
    {
        using var folder = await ServersFolder.CreateAsync();
        string[] programs =
        [
            "debian/9/bin/initdb", "debian/9/bin/pg_ctl", "debian/15/bin/initdb", "debian/15/bin/pg_ctl", "debian/16/bin/psql",
            "path/redis-server",
        ];
        foreach (var program in programs)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(folder[program])!);
            await File.WriteAllTextAsync(folder[program], "");
        }

        var found = ServerPrograms.Find(folder["debian"], [folder["path"]]);

        Assert.Equal((folder["debian/15/bin"], folder["path/redis-server"]), (found.PostgresFolder, found.RedisServer));
    }

    [Fact]
    public async Task What_is_missing_is_named_with_its_package()
    {
        using var folder = await ServersFolder.CreateAsync();

        var failure = Assert.Throws<ServerException>(() => ServerPrograms.Find(folder["debian"], [folder.Path]));

        Assert.Contains("sudo apt-get install postgresql redis-server", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_link_to_a_version_that_was_removed_is_not_a_program()
    {
        using var folder = await ServersFolder.CreateAsync();
        foreach (var name in (string[])["initdb", "pg_ctl", "redis-server"])
        {
            File.CreateSymbolicLink(folder[name], folder["removed/" + name]);
        }

        var failure = Assert.Throws<ServerException>(() => ServerPrograms.Find(folder["debian"], [folder.Path]));

        Assert.Contains("postgresql redis-server", failure.Message, StringComparison.Ordinal);
    }
}
