using Kpi.Rollups.Identity;
using Kpi.Rollups.Store;
using Kpi.Rollups.Time;
using Microsoft.Data.Sqlite;

namespace Kpi.Bench;

/// <summary>A store in a folder of its own.</summary>
internal sealed class StoreBed : IAsyncDisposable
{
    /// <summary>The first slice of a day.</summary>
    public static readonly Slice Begin = new((20_800 * 8_640) + 1);

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("kpi-bench-store-");

    public StoreBed() => Store = SqliteRollupStore.Open(File);

    public string File => Path.Combine(folder.FullName, "rollups.db");

    public SqliteRollupStore Store { get; private set; }

    /// <summary>Upkeep until there is nothing to do; milliseconds of CPU.</summary>
    public async Task<double> UpkeepAsync(Slice now) => (await Cpu.OfAsync(async () =>
    {
        while (await Store.MaintainAsync(now, default))
        {
        }
    })).Cpu;

    /// <summary>Upkeep step by step beside other work, until that ends.</summary>
    public async Task UpkeepBesideAsync(Slice now, Task work)
    {
        while (!work.IsCompleted && await Store.MaintainAsync(now, default))
        {
        }
    }

    public async Task ReopenAsync()
    {
        await Store.DisposeAsync();
        Store = SqliteRollupStore.Open(File);
    }

    /// <summary>Bytes of whole pages that hold something.</summary>
    public long UsedBytes()
    {
        Ask("PRAGMA wal_checkpoint(TRUNCATE)");
        return (Ask("PRAGMA page_count") - Ask("PRAGMA freelist_count")) * Ask("PRAGMA page_size");
    }

    /// <summary>Bytes of the bodies of blocks and tiles of a tier and kind.</summary>
    public long BodyBytes(TimeTier tier, SeriesKind kind) => Ask(
        $"""
        SELECT ifnull((SELECT sum(length(body)) FROM block WHERE tier = {(int)tier} AND kind = {(int)kind}), 0)
            + ifnull((SELECT sum(length(body)) FROM tile WHERE tier = {(int)tier} AND kind = {(int)kind}), 0)
        """);

    public long Ask(string sql)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = File, Pooling = false }.ToString());
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (long)command.ExecuteScalar()!;
    }

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        folder.Delete(recursive: true);
    }
}
