using Kpi.Rollups.Identity;
using Kpi.Rollups.Store;
using Kpi.Rollups.Store.Sqlite;
using Kpi.Rollups.Time;
using Microsoft.Data.Sqlite;

namespace Kpi.Tests.Rollups.Store;

public sealed class SqliteRollupStoreTests : CellKindsContract, IDisposable
{
    private static readonly Slice Some = new(179_500_000);

    private readonly StoreFolder folder = new();

    protected override IRollupStore Open(RollupLimits limits) => SqliteRollupStore.Open(folder.File, limits);

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Every_commit_is_written_ahead_and_synced()
    {
        using var other = new StoreFolder();
        using var connection = other.Connect();
        SqliteSchema.Prepare(connection);
        Assert.Equal("wal", Ask(connection, "PRAGMA journal_mode"));
        Assert.Equal(2L, Ask(connection, "PRAGMA synchronous")); // FULL
        Assert.Equal((long)SqliteSchema.FormatVersion, Ask(connection, "PRAGMA user_version"));
        Assert.Equal(16_384L, Ask(connection, "PRAGMA page_size"));
        Assert.Equal(2L, Ask(connection, "PRAGMA auto_vacuum")); // INCREMENTAL
        Assert.Equal((long)SqliteSchema.ApplicationId, Ask(connection, "PRAGMA application_id"));
    }

    [Fact]
    public void A_file_of_a_later_format_is_refused_and_left_as_it_was()
    {
        using var later = new StoreFolder();
        using (var connection = later.Connect())
        {
            Ask(connection, "PRAGMA user_version=3; CREATE TABLE future(a)");
        }

        var before = File.ReadAllBytes(later.File);
        var refusal = Assert.Throws<InvalidDataException>(() => SqliteRollupStore.Open(later.File));
        Assert.Contains(later.File, refusal.Message, StringComparison.Ordinal);
        Assert.Contains("format 3", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(later.File));
    }

    [Fact]
    public void A_file_that_is_no_database_is_refused_and_left_as_it_was()
    {
        using var other = new StoreFolder();
        var text = string.Concat(Enumerable.Repeat("Dear diary, today I measured nothing. ", 500));
        File.WriteAllText(other.File, text);
        var refusal = Assert.Throws<SqliteException>(() => SqliteRollupStore.Open(other.File));
        Assert.Contains("not a database", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(text, File.ReadAllText(other.File));
    }

    [Fact]
    public void A_folder_that_is_not_there_is_refused()
    {
        using var other = new StoreFolder();
        Assert.Throws<SqliteException>(() => SqliteRollupStore.Open(Path.Combine(other.File, "missing", "rollups.db")));
    }

    [Fact]
    public async Task A_crash_in_the_middle_of_a_commit_leaves_the_commits_before_it()
    {
        using var crashed = new StoreFolder();
        await using var store = SqliteRollupStore.Open(crashed.File);
        for (var flush = 1; flush <= 3; flush++)
        {
            await store.CommitAsync(CommitOf(flush, flush, [D("a", Some, flush)], [C("b", Some, flush)]), CancellationToken.None);
        }

        // A transaction so large that SQLite writes its pages into the log before the commit.
        using var half = crashed.Connect();
        Ask(half, "PRAGMA cache_size=4");
        using var transaction = half.BeginTransaction();
        Ask(half, """
            UPDATE writer SET last_flush = 4;
            DELETE FROM block;
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300)
            INSERT INTO block(tier, cell, kind, shard, body) SELECT 1, 179500000, 1, i, randomblob(20000) FROM n;
            """);
        var copy = crashed.CopyAsAfterCrash("half");
        Assert.True(new FileInfo(copy + "-wal").Length > 3_000_000);
        await CheckPrefixAsync(copy, commits: 3);
    }

    [Fact]
    public async Task A_torn_log_leaves_a_row_of_whole_commits()
    {
        using var torn = new StoreFolder();
        await using var store = SqliteRollupStore.Open(torn.File);
        for (var flush = 1; flush <= 5; flush++)
        {
            await store.CommitAsync(CommitOf(flush, flush, [D("a", Some, flush), D($"b{flush}", Some, 7)], [C("c", Some, flush)]), CancellationToken.None);
        }

        var random = new Random(20261108);
        for (var round = 0; round < 12; round++)
        {
            var copy = torn.CopyAsAfterCrash($"torn{round}");
            await using (var log = new FileStream(copy + "-wal", FileMode.Open))
            {
                log.SetLength(random.NextInt64(log.Length));
            }

            await CheckPrefixAsync(copy, commits: null);
        }
    }

    [Fact]
    public async Task A_corrupted_block_is_told_as_such()
    {
        using var other = new StoreFolder();
        await using var store = SqliteRollupStore.Open(other.File);
        await store.CommitAsync(CommitOf(1, 1, [D("a", Some, 5)], []), CancellationToken.None);
        foreach (var damage in (string[])["body = substr(body, 1, length(body) - 1)", "body = body || x'00'", "body = x'09'", "body = x''"])
        {
            using (var connection = other.Connect())
            {
                Ask(connection, "CREATE TABLE IF NOT EXISTS kept AS SELECT * FROM block; DELETE FROM block; INSERT INTO block SELECT * FROM kept");
                Ask(connection, $"UPDATE block SET {damage}");
            }

            await using var snapshot = await store.OpenSnapshotAsync(CancellationToken.None);
            await Assert.ThrowsAsync<InvalidDataException>(() => DescribeAsync(snapshot));
        }
    }

    private static async Task CheckPrefixAsync(string file, int? commits)
    {
        await using var store = SqliteRollupStore.Open(file);
        await using var snapshot = await store.OpenSnapshotAsync(CancellationToken.None);
        var writer = CommitOf(1, 1, [], []).Writer;
        var last = (int)(await snapshot.LastFlushAsync(writer, CancellationToken.None)).Number;
        Assert.Equal(commits ?? last, last);
        DistributionIncrement[] cells = commits is null
            ? [.. Enumerable.Range(1, last).SelectMany(f => (DistributionIncrement[])[D("a", Some, f), D($"b{f}", Some, 7)])]
            : [.. Enumerable.Range(1, last).Select(f => D("a", Some, f))];
        var counter = commits is null ? "c" : "b";
        Assert.Equal(Expected(cells, Enumerable.Range(1, last).Select(f => C(counter, Some, f))), await DescribeAsync(snapshot));
        Assert.Equal(CommitOutcome.Applied, await store.CommitAsync(CommitOf(last + 1, 9, [D("a", Some, 9)], []), CancellationToken.None));
    }

    private static object? Ask(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }
}
