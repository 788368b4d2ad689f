using Kpi.Rollups.Cells;
using Kpi.Rollups.Store.Blocks;
using Kpi.Rollups.Time;
using Microsoft.Data.Sqlite;

namespace Kpi.Rollups.Store;

/// <summary>
/// The embedded store: one SQLite file in write-ahead mode, <c>synchronous=FULL</c>. One commit at a time; snapshots read
/// beside it. SQLite works synchronously, so callers that must not block come from the thread pool.
/// </summary>
public sealed class SqliteRollupStore : IRollupStore
{
    private readonly SemaphoreSlim writing = new(1, 1);
    private readonly SqliteConnection writer;
    private readonly SqliteNames names = new();
    private readonly ByteSink sink = new();
    private readonly string readConnection;

    private SqliteRollupStore(SqliteConnection writer, string readConnection)
    {
        this.writer = writer;
        this.readConnection = readConnection;
    }

    /// <summary>Opens or creates the file.</summary>
    /// <exception cref="InvalidDataException">A later version wrote it.</exception>
    /// <exception cref="SqliteException">It cannot be opened or is no SQLite file.</exception>
    public static SqliteRollupStore Open(string file)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ToString());
        try
        {
            connection.Open();
            SqliteSchema.Prepare(connection);
        }
        catch
        {
            connection.Dispose();
            throw;
        }

        var read = new SqliteConnectionStringBuilder { DataSource = file, Mode = SqliteOpenMode.ReadOnly };
        return new SqliteRollupStore(connection, read.ToString());
    }

    /// <inheritdoc/>
    public async ValueTask<CommitOutcome> CommitAsync(FlushCommit commit, CancellationToken cancellation)
    {
        await writing.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            return Commit(commit);
        }
        catch
        {
            names.Forget();
            throw;
        }
        finally
        {
            writing.Release();
        }
    }

    /// <inheritdoc/>
    public ValueTask<IRollupSnapshot> OpenSnapshotAsync(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        return new ValueTask<IRollupSnapshot>(SqliteRollupSnapshot.Open(readConnection, names));
    }

    /// <inheritdoc/>
    public async ValueTask DropBeforeAsync(Slice firstKept, CancellationToken cancellation)
    {
        await writing.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            using var transaction = writer.BeginTransaction();
            using var drop = writer.CreateCommand();
            drop.Transaction = transaction;
            drop.CommandText = "DELETE FROM block WHERE tier = $tier AND slice < $slice; DELETE FROM series WHERE seen_day < $day;";
            drop.Parameters.AddWithValue("$tier", BlockFormat.TierOfSlices);
            drop.Parameters.AddWithValue("$slice", firstKept.Number);
            drop.Parameters.AddWithValue("$day", SqliteNames.DayOf(firstKept));
            drop.ExecuteNonQuery();
            transaction.Commit();
        }
        finally
        {
            // Also when the commit failed: whether the series are gone is then unknown.
            names.Forget();
            writing.Release();
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        using var ofReaders = new SqliteConnection(readConnection);
        SqliteConnection.ClearPool(ofReaders);
        writer.Dispose();
        writing.Dispose();
        return ValueTask.CompletedTask;
    }

    private CommitOutcome Commit(FlushCommit commit)
    {
        using var transaction = writer.BeginTransaction();
        if (!TryMark(commit, out var writerNumber))
        {
            return CommitOutcome.AlreadyCommitted;
        }

        using var blocks = new SqliteBlockInsert(writer, transaction, writerNumber, commit.Mark.Number);
        WriteDistributions(commit.Distributions, blocks);
        WriteCounters(commit.Counters, blocks);
        transaction.Commit();
        return CommitOutcome.Applied;
    }

    private void WriteDistributions(IReadOnlyList<DistributionIncrement> increments, SqliteBlockInsert blocks)
    {
        var edgeNumbers = new Dictionary<EdgeSet, int>();
        foreach (var slice in increments.GroupBy(i => i.Slice))
        {
            var cells = slice
                .Select(i => new NumberedDistribution(names.Number(writer, i.Series, i.Slice), EdgeNumber(i.Cell.Edges), i.Cell))
                .OrderBy(c => c.Series);
            foreach (var chunk in cells.Chunk(BlockFormat.MostDistributions))
            {
                sink.Clear();
                DistributionBlock.Write(sink, chunk);
                blocks.Insert(slice.Key, Identity.SeriesKind.Distribution, sink.Written);
            }
        }

        int EdgeNumber(EdgeSet edges) =>
            edgeNumbers.TryGetValue(edges, out var known) ? known : edgeNumbers[edges] = SqliteNames.Number(writer, edges);
    }

    private void WriteCounters(IReadOnlyList<CounterIncrement> increments, SqliteBlockInsert blocks)
    {
        foreach (var slice in increments.GroupBy(i => i.Slice))
        {
            var cells = slice.Select(i => new NumberedCounter(names.Number(writer, i.Series, i.Slice), i.Cell)).OrderBy(c => c.Series);
            foreach (var chunk in cells.Chunk(BlockFormat.MostCounters))
            {
                sink.Clear();
                CounterBlock.Write(sink, chunk);
                blocks.Insert(slice.Key, Identity.SeriesKind.Counter, sink.Written);
            }
        }
    }

    private bool TryMark(FlushCommit commit, out long writerNumber)
    {
        using var command = writer.CreateCommand();
        command.CommandText = """
            INSERT INTO writer(id, last_flush, position) VALUES($id, $flush, $position)
            ON CONFLICT(id) DO UPDATE SET last_flush = excluded.last_flush, position = excluded.position
            WHERE last_flush < excluded.last_flush RETURNING number
            """;
        command.Parameters.AddWithValue("$id", commit.Writer.ToByteArray());
        command.Parameters.AddWithValue("$flush", commit.Mark.Number);
        command.Parameters.AddWithValue("$position", commit.Mark.Position);
        var number = command.ExecuteScalar();
        writerNumber = number is long given ? given : 0;
        return number is not null;
    }
}
