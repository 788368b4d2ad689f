using System.Globalization;
using System.Numerics;
using Npgsql;

namespace Kpi.SamplePlatform.Sharding.Moves;

/// <summary>
/// All rows of one bucket on one shard, table by table. They must not change meanwhile: the source is fenced, the target not yet known.
/// </summary>
internal sealed class BucketRows(int bucket, NpgsqlDataSource shard)
{
    private const string ColumnsOfTables =
        """
        select c.relname, string_agg(quote_ident(a.attname), ', ' order by a.attname)
        from pg_class c join pg_attribute a on a.attrelid = c.oid
        where c.relnamespace = 'shop'::regnamespace and c.relkind = 'r' and c.relname <> 'bucket_guard'
            and a.attnum > 0 and not a.attisdropped
        group by c.relname order by c.relname
        """;

    /// <summary>The tables that hold rows of tenants, and their columns: by name, as two shards may have them in different order.</summary>
    public async Task<IReadOnlyList<TableColumns>> ReadTablesAsync(CancellationToken cancellation)
    {
        var command = shard.CreateCommand(ColumnsOfTables);
        await using var _ = command.ConfigureAwait(false);
        var reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        await using var __ = reader.ConfigureAwait(false);
        var tables = new List<TableColumns>();
        while (await reader.ReadAsync(cancellation).ConfigureAwait(false))
        {
            tables.Add(new TableColumns(reader.GetString(0), reader.GetString(1)));
        }

        return tables;
    }

    /// <summary>Streams binary COPY from here to there; all tables or, when it fails, none.</summary>
    public async Task CopyAsync(IReadOnlyList<TableColumns> tables, NpgsqlDataSource target, CancellationToken cancellation)
    {
        var from = await shard.OpenConnectionAsync(cancellation).ConfigureAwait(false);
        await using var _ = from.ConfigureAwait(false);
        var to = await target.OpenConnectionAsync(cancellation).ConfigureAwait(false);
        await using var __ = to.ConfigureAwait(false);
        var transaction = await to.BeginTransactionAsync(cancellation).ConfigureAwait(false);
        await using var ___ = transaction.ConfigureAwait(false);
        await SkipForeignKeysAsync(to, cancellation).ConfigureAwait(false);
        foreach (var table in tables)
        {
            await CopyAsync(table, from, to, cancellation).ConfigureAwait(false);
        }

        await transaction.CommitAsync(cancellation).ConfigureAwait(false);
    }

    /// <summary>Per table the number of rows and the sum of a 64-bit hash of each, which does not depend on their order.</summary>
    public async Task<IReadOnlyList<TableSum>> SumAsync(IReadOnlyList<TableColumns> tables, CancellationToken cancellation)
    {
        var command = shard.CreateCommand(string.Join(" union all ", tables.Select(Sum)) + " order by 1");
        await using var _ = command.ConfigureAwait(false);
        var reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        await using var __ = reader.ConfigureAwait(false);
        var sums = new List<TableSum>();
        while (await reader.ReadAsync(cancellation).ConfigureAwait(false))
        {
            var hash = BigInteger.Parse(reader.GetString(2), CultureInfo.InvariantCulture);
            sums.Add(new TableSum(reader.GetString(0), reader.GetInt64(1), hash));
        }

        return sums;
    }

    /// <summary>For this transaction: the rows have passed them where they come from, and are compared afterwards.</summary>
    private static async Task SkipForeignKeysAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        var command = new NpgsqlCommand("set local session_replication_role = replica", connection);
        await using var _ = command.ConfigureAwait(false);
        await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
    }

    private async Task CopyAsync(TableColumns table, NpgsqlConnection from, NpgsqlConnection to, CancellationToken cancellation)
    {
        var read = $"copy ({Select(table.Columns, table)}) to stdout (format binary)";
        var write = $"copy shop.{table.Name} ({table.Columns}) from stdin (format binary)";
        var rows = await from.BeginRawBinaryCopyAsync(read, cancellation).ConfigureAwait(false);
        await using var _ = rows.ConfigureAwait(false);
        var into = await to.BeginRawBinaryCopyAsync(write, cancellation).ConfigureAwait(false);
        await using var __ = into.ConfigureAwait(false);
        await rows.CopyToAsync(into, cancellation).ConfigureAwait(false);
    }

    private string Sum(TableColumns table) => Select(
        $"'{table.Name}', count(*), coalesce(sum(hash_record_extended(row({table.Columns}), 0)::numeric), 0)::text", table);

    /// <summary>COPY takes no parameters; the bucket is a number and the names are the server's own, quoted by it.</summary>
    private string Select(string what, TableColumns table) => string.Create(
        CultureInfo.InvariantCulture,
        $"select {what} from shop.{table.Name} where tenant_id = any (array(select tenant_id from shop.tenant where bucket = {bucket}))");
}

/// <summary>A table and its columns, quoted and separated by commas.</summary>
internal sealed record TableColumns(string Name, string Columns);

/// <summary>What two copies of a table are compared by.</summary>
internal sealed record TableSum(string Table, long Rows, BigInteger Hash);
