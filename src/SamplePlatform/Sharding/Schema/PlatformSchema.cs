using System.Reflection;
using Npgsql;
using NpgsqlTypes;

namespace Kpi.SamplePlatform.Sharding.Schema;

/// <summary>
/// Makes roles, databases and tables on servers that run. Can be repeated: what is there is left as it is. Roles get the password that
/// the connection string of the role carries.
/// </summary>
internal sealed class PlatformSchema(ConnectionStringOf connect)
{
    private const string Owner = "shop_owner";

    /// <summary>The catalogue and its first shards, numbered from 1; buckets are dealt out to them in turn.</summary>
    public async Task CreateAsync(IReadOnlyList<string> shards, CancellationToken cancellation)
    {
        var buckets = Enumerable.Range(0, Buckets.Count).ToLookup(b => b % shards.Count);
        await Task.WhenAll(shards.Select((name, at) => CreateShardAsync(name, buckets[at], cancellation))).ConfigureAwait(false);
        await CreateDatabaseAsync(PlatformConnections.CatalogueServer, cancellation).ConfigureAwait(false);
        var fill = Statement(
            """
            with added as (
                insert into catalogue.shard (shard_id, name) select at, name from unnest($1) with ordinality as s (name, at))
            insert into catalogue.bucket (bucket, shard_id, epoch)
            select b, b % cardinality($1) + 1, 1 from generate_series(0, $2 - 1) b
            """,
            shards.ToArray(),
            Buckets.Count);
        await RunAsync(PlatformConnections.CatalogueServer, "catalogue", fill, cancellation).ConfigureAwait(false);
    }

    /// <summary>A shard with the tables of the shop, holding no bucket yet. The catalogue is not told.</summary>
    public Task CreateShardAsync(string name, CancellationToken cancellation) => CreateShardAsync(name, [], cancellation);

    private async Task CreateShardAsync(string name, IEnumerable<int> buckets, CancellationToken cancellation)
    {
        await CreateDatabaseAsync(name, cancellation).ConfigureAwait(false);
        const string Sql = "insert into shop.bucket_guard (bucket, epoch, state) select b, 1, 'open' from unnest($1) b";
        var fill = Statement(Sql, buckets.ToArray());
        await RunAsync(name, "shop", fill, cancellation).ConfigureAwait(false);
    }

    private async Task CreateDatabaseAsync(string server, CancellationToken cancellation)
    {
        var settings = new NpgsqlConnectionStringBuilder(connect(server, PlatformRoles.Administrator));
        var database = settings.Database!;
        settings.Database = "postgres";
        settings.Pooling = false;
        var connection = new NpgsqlConnection(settings.ConnectionString);
        await using var _ = connection.ConfigureAwait(false);
        await connection.OpenAsync(cancellation).ConfigureAwait(false);
        await CreateRoleAsync(connection, server, Owner, "nologin", cancellation).ConfigureAwait(false);
        await CreateRoleAsync(connection, server, PlatformRoles.App, "login", cancellation).ConfigureAwait(false);
        await CreateRoleAsync(connection, server, PlatformRoles.Report, "login", cancellation).ConfigureAwait(false);
        // COPY into a table with row-level security is only for those who bypass it.
        await CreateRoleAsync(connection, server, PlatformRoles.Mover, "login bypassrls", cancellation).ConfigureAwait(false);
        // A move copies rows that have passed their foreign keys, and compares them afterwards; to check each again prolongs the fence.
        await FormattedAsync(
            connection, "select format('grant set on parameter session_replication_role to %I', $1)", [PlatformRoles.Mover], cancellation)
            .ConfigureAwait(false);
        await FormattedAsync(
            connection,
            "select format('create database %I', $1) where not exists (select from pg_database where datname = $1)",
            [database],
            cancellation).ConfigureAwait(false);
    }

    private async Task CreateRoleAsync(NpgsqlConnection connection, string server, string role, string may, CancellationToken cancellation)
    {
        var password = may == "nologin" ? null : new NpgsqlConnectionStringBuilder(connect(server, role)).Password;
        await FormattedAsync(
            connection,
            $"select format('create role %I {may} password %L', $1, $2) where not exists (select from pg_roles where rolname = $1)",
            [role, password],
            cancellation).ConfigureAwait(false);
    }

    /// <summary>Runs the statement that the server puts together and quotes, if it does: names and passwords cannot be parameters.</summary>
    private static async Task FormattedAsync(
        NpgsqlConnection connection, string format, string?[] values, CancellationToken cancellation)
    {
        var question = new NpgsqlCommand(format, connection);
        await using var _ = question.ConfigureAwait(false);
        foreach (var value in values)
        {
            question.Parameters.Add(new NpgsqlParameter { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        }

        if (await question.ExecuteScalarAsync(cancellation).ConfigureAwait(false) is string statement)
        {
            var command = new NpgsqlCommand(statement, connection);
            await using var __ = command.ConfigureAwait(false);
            await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>The script and what fills its tables are one transaction: a schema that is there is complete.</summary>
    private async Task RunAsync(string server, string schema, NpgsqlCommand fill, CancellationToken cancellation)
    {
        var settings = new NpgsqlConnectionStringBuilder(connect(server, PlatformRoles.Administrator)) { Pooling = false };
        var connection = new NpgsqlConnection(settings.ConnectionString);
        await using var _ = connection.ConfigureAwait(false);
        await connection.OpenAsync(cancellation).ConfigureAwait(false);
        var transaction = await connection.BeginTransactionAsync(cancellation).ConfigureAwait(false);
        await using var __ = transaction.ConfigureAwait(false);
        var found = Statement("select to_regnamespace($1) is not null", schema);
        if (await ExecuteAsync(found, connection, cancellation).ConfigureAwait(false) is not true)
        {
            await ExecuteAsync(new NpgsqlCommand(Script(schema)), connection, cancellation).ConfigureAwait(false);
            await ExecuteAsync(fill, connection, cancellation).ConfigureAwait(false);
            await transaction.CommitAsync(cancellation).ConfigureAwait(false);
        }
    }

    private static NpgsqlCommand Statement(string sql, params object[] values)
    {
        var command = new NpgsqlCommand(sql);
        foreach (var value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }

        return command;
    }

    private static async Task<object?> ExecuteAsync(NpgsqlCommand command, NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var _ = command.ConfigureAwait(false);
        command.Connection = connection;
        return await command.ExecuteScalarAsync(cancellation).ConfigureAwait(false);
    }

    private static string Script(string name)
    {
        var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"{name}.sql")
            ?? throw new InvalidOperationException($"{name}.sql is not in this assembly");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
