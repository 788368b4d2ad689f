using Kpi.Rollups.Cells;
using Kpi.Rollups.Identity;
using Kpi.Rollups.Reading;
using Kpi.Rollups.Store;
using Kpi.Rollups.Store.Sqlite;
using Kpi.Rollups.Time;
using Kpi.Tests.Rollups.Cells;
using static Kpi.Tests.Rollups.Store.RollupStoreContract;

namespace Kpi.Tests.Rollups.Store;

/// <summary>A database as the first version wrote it: where it comes from is told in <c>Files/README.md</c>.</summary>
public sealed class FormatOneTests : IDisposable
{
    private const int Flushes = 20;

    private readonly StoreFolder folder = new();

    public FormatOneTests() => File.Copy(Path.Combine(AppContext.BaseDirectory, "Rollups", "Store", "Files", "format-1.db"), folder.File);

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_database_of_the_first_version_opens_and_reads_the_same()
    {
        await using (var store = SqliteRollupStore.Open(folder.File))
        {
            await CheckAsync(store, []);
            Assert.Equal(CommitOutcome.AlreadyCommitted, await store.CommitAsync(Flush(Flushes), CancellationToken.None));
            Assert.Equal(CommitOutcome.Applied, await store.CommitAsync(Flush(Flushes + 1), CancellationToken.None));
        }

        await using var again = SqliteRollupStore.Open(folder.File);
        await CheckAsync(again, [Flush(Flushes + 1)]);
    }

    [Fact]
    public async Task It_is_then_of_the_present_format_and_has_nothing_left_of_the_first()
    {
        await SqliteRollupStore.Open(folder.File).DisposeAsync();
        using var connection = folder.Connect();
        Assert.Equal(SqliteSchema.FormatVersion, connection.Number("PRAGMA user_version"));
        Assert.Equal(SqliteSchema.ApplicationId, connection.Number("PRAGMA application_id"));
        Assert.Equal(2, connection.Number("PRAGMA auto_vacuum"));
        Assert.Equal(0, connection.Number("SELECT count(*) FROM sqlite_schema WHERE name IN ('series_1', 'block_1', 'edge_set_1', 'writer_1')"));
    }

    [Fact]
    public async Task What_the_first_version_did_not_know_is_taken_as_equal_weights()
    {
        await using var store = SqliteRollupStore.Open(folder.File);
        var odd = new Effective();
        await using var snapshot = await store.OpenSnapshotAsync(CancellationToken.None);
        await snapshot.ReadAsync(new CellQuery(All, TimeTier.Slices), odd, CancellationToken.None);
        Assert.All(odd.Seen, d => Assert.Equal(d.Observed, d.EffectiveCount, 1e-6));
        Assert.Equal(Flushes, odd.Seen.Count(d => d.Count == 13 && d.Observed == 4));
    }

    /// <summary>What the first version was given.</summary>
    private static FlushCommit Flush(int flush)
    {
        var slice = new Slice(179_500_000 + flush);
        var odd = Series.Of(SeriesKind.Distribution, "s", Labels.Of(("__name__", "odd"), ("v", "é\"\n😀")));
        var bytes = Series.Of(SeriesKind.Counter, "By", Labels.Of(("__name__", "x")));
        var raw = flush % 2 == 0 ? double.NaN : flush * 0.1;
        return CommitOf(
            flush,
            flush * 100,
            [
                .. Enumerable.Range(0, 70).Select(i => D($"d{i:d2}", slice, flush + i, 1, flush * i % 97)),
                new(odd, slice, Observation.Cell(Observation.EdgeSets[flush % 5], [new(0, 3), new(-1, 2), new(flush * 1_000_003L, 7), new(1L << (flush + 30), 1)])),
            ],
            [
                .. Enumerable.Range(0, 30).Select(i => C($"c{i:d2}", slice, flush + i)),
                new(bytes, slice.Plus(-(flush % 3)), new CounterCell(new FixedSum(flush * 123_456_789L), 2, 5, 9_000_000_000, raw, flush % 7 == 0)),
            ]);
    }

    private static async Task CheckAsync(SqliteRollupStore store, FlushCommit[] more)
    {
        FlushCommit[] all = [.. Enumerable.Range(1, Flushes).Select(Flush), .. more];
        await using var snapshot = await store.OpenSnapshotAsync(CancellationToken.None);
        Assert.Equal(Expected(all.SelectMany(f => f.Distributions), all.SelectMany(f => f.Counters)), await DescribeAsync(snapshot));
        Assert.Equal(all[^1].Mark, await snapshot.LastFlushAsync(all[^1].Writer, CancellationToken.None));
    }

    private sealed class Effective : ICellVisitor
    {
        public List<Distribution> Seen { get; } = [];

        public bool Wants(Series series) => true;

        public void Visit(Series series, SliceRange span, DistributionCell cell)
        {
            Seen.Add(new Distribution());
            Seen[^1].Add(cell);
        }

        public void Visit(Series series, SliceRange span, CounterCell cell)
        {
        }
    }
}
