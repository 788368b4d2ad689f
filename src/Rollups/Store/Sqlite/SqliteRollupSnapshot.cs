using Kpi.Rollups.Coverage;
using Kpi.Rollups.Identity;
using Kpi.Rollups.Reading;
using Kpi.Rollups.Store.Tiers;
using Microsoft.Data.Sqlite;

namespace Kpi.Rollups.Store.Sqlite;

/// <summary>A read transaction: SQLite shows it the state of its first read until it ends.</summary>
internal sealed class SqliteRollupSnapshot : IRollupSnapshot
{
    private readonly SqliteConnection connection;
    private readonly SqliteTransaction transaction;
    private readonly SqliteNames names;
    private readonly int asOf;

    private SqliteRollupSnapshot(SqliteConnection connection, SqliteTransaction transaction, SqliteNames names, int asOf)
    {
        this.asOf = asOf;
        this.connection = connection;
        this.transaction = transaction;
        this.names = names;
    }

    /// <summary>For upkeep, which reads what it writes anew.</summary>
    public SqliteConnection Connection => connection;

    public static SqliteRollupSnapshot Open(string connectionString, SqliteNames names)
    {
        var asOf = names.Forgotten;
        var connection = new SqliteConnection(connectionString);
        try
        {
            connection.Open();
            var transaction = connection.BeginTransaction(deferred: true);

            // A deferred transaction takes its view at the first read.
            connection.Number("SELECT count(*) FROM writer");
            return new SqliteRollupSnapshot(connection, transaction, names, asOf);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    public ValueTask<FlushMark> LastFlushAsync(Guid writer, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        using var command = connection.Command("SELECT last_flush, position FROM writer WHERE id = $id", ("$id", writer.ToByteArray()));
        using var row = command.ExecuteReader();
        return new ValueTask<FlushMark>(row.Read() ? new FlushMark(row.GetInt64(0), row.GetInt64(1)) : default);
    }

    public ValueTask<long> DropsAsync(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        return new ValueTask<long>(StoredReaches.Drops(connection));
    }

    public ValueTask<CoverageIncrement> CoverageAsync(Guid writer, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        return new ValueTask<CoverageIncrement>(StoredCoverage.Read(connection, writer));
    }

    public ValueTask ReadAsync(CellQuery query, ICellVisitor visitor, CancellationToken cancellation)
    {
        var choice = query.Only is null ? null : SeriesChoice.Of(names.Numbers(connection, query.Only, asOf));
        if (choice is { Shards.Count: 0 })
        {
            return ValueTask.CompletedTask;
        }

        var reader = new StoredCellReader(connection, names);
        var shown = visitor is IIncreaseVisitor increases
            ? new ShownIncreases(connection, names, increases)
            : new ShownCells(connection, names, visitor);
        foreach (var part in ReadPlan.Cover(query.Range, query.Step, StoredReaches.Read(connection)))
        {
            reader.Read(new CellArea(part.Tier, part.First, part.Last, choice), shown, cancellation);
            reader.Read(new CellArea(CellArea.Late, part.Span.First.Number, part.Span.Last.Number, choice), shown, cancellation);
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask<IReadOnlyList<Series>> FindSeriesAsync(Func<Series, bool> wanted, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        return new ValueTask<IReadOnlyList<Series>>([.. SqliteNames.All(connection).Where(wanted)]);
    }

    public ValueTask DisposeAsync()
    {
        transaction.Dispose();
        connection.Dispose();
        return ValueTask.CompletedTask;
    }
}
