using Kpi.Rollups.Identity;
using Kpi.Rollups.Store.Sqlite;
using Kpi.Rollups.Store.Tiers;
using Kpi.Rollups.Store.Upkeep;
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
    private readonly FlushWriter flushes = new();
    private readonly UpkeepSteps upkeep;
    private readonly string readConnection;
    private TierReaches reaches;
    private long refused;

    private SqliteRollupStore(SqliteConnection writer, string readConnection, RollupLimits limits)
    {
        this.writer = writer;
        this.readConnection = readConnection;
        reaches = StoredReaches.Read(writer);
        upkeep = new UpkeepSteps(limits, ForgetSeries);
    }

    /// <inheritdoc/>
    public StoreFigures Figures
    {
        get
        {
            var (bytes, free, dropped) = upkeep.Figures;
            return new StoreFigures(bytes, free, Volatile.Read(ref refused), dropped);
        }
    }

    /// <summary>Opens or creates the file; one of an earlier format is brought into the present one, which may take a while.</summary>
    /// <param name="file">Path of the database.</param>
    /// <param name="limits">Retention and cap; the defaults when null.</param>
    /// <exception cref="InvalidDataException">A later version wrote it, or another program.</exception>
    /// <exception cref="SqliteException">It cannot be opened or is no SQLite file.</exception>
    public static SqliteRollupStore Open(string file, RollupLimits? limits = null)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ToString());
        try
        {
            connection.Open();
            SqliteSchema.Prepare(connection);
            var read = new SqliteConnectionStringBuilder { DataSource = file, Mode = SqliteOpenMode.ReadOnly };
            return new SqliteRollupStore(connection, read.ToString(), limits ?? new RollupLimits());
        }
        catch
        {
            connection.Dispose();
            throw;
        }
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
            ForgetSeries();
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
    public async ValueTask<bool> MaintainAsync(Slice now, CancellationToken cancellation)
    {
        Action<SqliteConnection>? work;
        await using (var view = SqliteRollupSnapshot.Open(readConnection, names))
        {
            work = upkeep.Prepare(view.Connection, names, now, cancellation);
        }

        if (work is null)
        {
            return false;
        }

        await writing.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            using var transaction = writer.BeginTransaction();
            work(writer);
            transaction.Commit();
            reaches = StoredReaches.Read(writer);
            return true;
        }
        catch
        {
            ForgetSeries();
            throw;
        }
        finally
        {
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
        if (Mark(commit) is not { } number)
        {
            return CommitOutcome.AlreadyCommitted;
        }

        var tooOld = flushes.Write(writer, commit, reaches);
        StoredCoverage.Add(writer, number, commit.Coverage);
        transaction.Commit();
        Interlocked.Add(ref refused, tooOld);
        return CommitOutcome.Applied;
    }

    // The writer's number; null when the flush is there already.
    private long? Mark(FlushCommit commit) => writer.Number(
        """
        INSERT INTO writer(id, last_flush, position) VALUES($id, $flush, $position)
        ON CONFLICT(id) DO UPDATE SET last_flush = excluded.last_flush, position = excluded.position
        WHERE last_flush < excluded.last_flush RETURNING number
        """,
        ("$id", commit.Writer.ToByteArray()), ("$flush", commit.Mark.Number), ("$position", commit.Mark.Position));

    // Also after a failed commit: whether what it did is there is then unknown.
    private void ForgetSeries()
    {
        flushes.Forget();
        names.Forget();
    }
}
