using Kpi.SamplePlatform.Servers;
using Npgsql;

namespace Kpi.Tests.SamplePlatform.Servers;

public sealed class PostgresServerTests
{
    [Fact]
    public async Task A_cluster_runs_stops_and_runs_again_with_what_was_written_before()
    {
        using var folder = await ServersFolder.CreateAsync();
        var server = await PostgresServer.CreateAsync(folder["one"], "one", null, CancellationToken.None);
        try
        {
            await RunAsync(server, "create table kept (n int); insert into kept values (42)");
            await server.StopAsync(immediate: true, CancellationToken.None);
            Assert.False(server.IsRunning);

            var opened = PostgresServer.Open(folder["one"]);
            Assert.Equal((server.Name, server.Port, server.Password), (opened.Name, opened.Port, opened.Password));
            await opened.StartAsync(CancellationToken.None);
            Assert.True(server.IsRunning);
            Assert.Equal(42, await RunAsync(opened, "select n from kept"));
        }
        finally
        {
            await server.StopAsync(immediate: true, CancellationToken.None);
        }
    }

    [Fact]
    public async Task Five_clusters_of_one_template_are_created_at_once()
    {
        using var folder = await ServersFolder.CreateAsync();
        var template = await PostgresTemplate.CreateAsync(folder["template"], CancellationToken.None);
        var made = await Task.WhenAll(Enumerable.Range(1, 5).Select(i =>
            PostgresServer.CreateAsync(folder[$"shard-{i}"], $"shard-{i}", template, CancellationToken.None)));
        try
        {
            Assert.Equal(5, made.Select(s => s.Port).Distinct().Count());
            foreach (var server in made)
            {
                Assert.Equal(server.Port, await RunAsync(server, "select current_setting('port')::int"));
            }
        }
        finally
        {
            await Task.WhenAll(made.Select(s => s.StopAsync(immediate: true, CancellationToken.None)));
        }
    }

    [Fact]
    public async Task A_wrong_password_is_refused()
    {
        using var folder = await ServersFolder.CreateAsync();
        var server = await PostgresServer.CreateAsync(folder["one"], "one", null, CancellationToken.None);
        try
        {
            var wrong = new NpgsqlConnectionStringBuilder(server.ConnectionString("postgres")) { Password = "wrong" };
            await using var connection = new NpgsqlConnection(wrong.ConnectionString);
            var refused = await Assert.ThrowsAsync<PostgresException>(() => connection.OpenAsync());
            Assert.Equal(PostgresErrorCodes.InvalidPassword, refused.SqlState);
        }
        finally
        {
            await server.StopAsync(immediate: true, CancellationToken.None);
        }
    }

    [Fact]
    public async Task A_cluster_whose_port_was_taken_meanwhile_says_so()
    {
        using var folder = await ServersFolder.CreateAsync();
        var server = await PostgresServer.CreateAsync(folder["one"], "shard-9", null, CancellationToken.None);
        await server.StopAsync(immediate: false, CancellationToken.None);
        using var other = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, server.Port);
        other.Start();

        var failure = await Assert.ThrowsAsync<ServerException>(() => server.StartAsync(CancellationToken.None));

        Assert.Contains("shard-9", failure.Message, StringComparison.Ordinal);
        Assert.Contains("Address already in use", failure.Message, StringComparison.Ordinal);
        Assert.False(server.IsRunning);
    }

    [Fact]
    public async Task A_folder_that_is_in_use_is_not_touched()
    {
        using var folder = await ServersFolder.CreateAsync();
        Directory.CreateDirectory(folder["one"]);
        await File.WriteAllTextAsync(folder["one/mine"], "precious");

        await Assert.ThrowsAsync<ServerException>(() => PostgresServer.CreateAsync(folder["one"], "one", null, CancellationToken.None));

        Assert.Equal("precious", await File.ReadAllTextAsync(folder["one/mine"]));
    }

    private static async Task<object?> RunAsync(PostgresServer server, string statement)
    {
        // Without a pool, which would hand out a connection that the stopped server has cut.
        var direct = new NpgsqlConnectionStringBuilder(server.ConnectionString("postgres")) { Pooling = false };
        await using var connection = new NpgsqlConnection(direct.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(statement, connection);
        return await command.ExecuteScalarAsync();
    }
}
