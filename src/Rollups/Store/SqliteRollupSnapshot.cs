using Kpi.Rollups.Cells;
using Kpi.Rollups.Identity;
using Kpi.Rollups.Reading;
using Kpi.Rollups.Store.Blocks;
using Kpi.Rollups.Time;
using Microsoft.Data.Sqlite;

namespace Kpi.Rollups.Store;

/// <summary>A read transaction: SQLite shows it the state of its first read until it ends.</summary>
internal sealed class SqliteRollupSnapshot : IRollupSnapshot
{
    private readonly SqliteConnection connection;
    private readonly SqliteTransaction transaction;
    private readonly SqliteNames names;
    private readonly DistributionCell scratch = new(new CellMemory());

    private SqliteRollupSnapshot(SqliteConnection connection, SqliteTransaction transaction, SqliteNames names)
    {
        this.connection = connection;
        this.transaction = transaction;
        this.names = names;
    }

    public static SqliteRollupSnapshot Open(string connectionString, SqliteNames names)
    {
        var connection = new SqliteConnection(connectionString);
        try
        {
            connection.Open();
            var transaction = connection.BeginTransaction(deferred: true);

            // A deferred transaction takes its view at the first read.
            using var first = connection.CreateCommand();
            first.Transaction = transaction;
            first.CommandText = "SELECT count(*) FROM writer";
            first.ExecuteScalar();
            return new SqliteRollupSnapshot(connection, transaction, names);
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
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = "SELECT last_flush, position FROM writer WHERE id = $id";
        command.Parameters.AddWithValue("$id", writer.ToByteArray());
        using var row = command.ExecuteReader();
        return new ValueTask<FlushMark>(row.Read() ? new FlushMark(row.GetInt64(0), row.GetInt64(1)) : default);
    }

    public ValueTask ReadAsync(SliceRange range, ICellVisitor visitor, CancellationToken cancellation)
    {
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = "SELECT slice, kind, body FROM block WHERE tier = $tier AND slice BETWEEN $first AND $last";
        command.Parameters.AddWithValue("$tier", BlockFormat.TierOfSlices);
        command.Parameters.AddWithValue("$first", range.First.Number);
        command.Parameters.AddWithValue("$last", range.Last.Number);
        using var row = command.ExecuteReader();
        while (row.Read())
        {
            cancellation.ThrowIfCancellationRequested();
            var slice = new Slice(row.GetInt32(0));
            var body = row.GetFieldValue<byte[]>(2);
            if (row.GetInt32(1) == (int)SeriesKind.Distribution)
            {
                ShowDistributions(slice, body, visitor);
            }
            else
            {
                ShowCounters(slice, body, visitor);
            }
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        transaction.Dispose();
        connection.Dispose();
        return ValueTask.CompletedTask;
    }

    private void ShowDistributions(Slice slice, ReadOnlySpan<byte> body, ICellVisitor visitor)
    {
        var source = new ByteSource(body);
        long number = 0;
        for (var left = DistributionBlock.ReadHead(ref source); left > 0; left--)
        {
            number = DistributionBlock.ReadNext(ref source, number, n => names.EdgeSet(connection, n), scratch);
            var series = names.Series(connection, number);
            if (visitor.Wants(series))
            {
                visitor.Visit(series, slice, scratch);
            }
        }

        source.ExpectEnd();
    }

    private void ShowCounters(Slice slice, ReadOnlySpan<byte> body, ICellVisitor visitor)
    {
        var source = new ByteSource(body);
        long number = 0;
        for (var left = CounterBlock.ReadHead(ref source); left > 0; left--)
        {
            (number, var cell) = CounterBlock.ReadNext(ref source, number);
            var series = names.Series(connection, number);
            if (visitor.Wants(series))
            {
                visitor.Visit(series, slice, cell);
            }
        }

        source.ExpectEnd();
    }
}
