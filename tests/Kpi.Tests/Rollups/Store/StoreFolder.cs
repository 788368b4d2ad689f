using Microsoft.Data.Sqlite;

namespace Kpi.Tests.Rollups.Store;

/// <summary>A folder of its own for a database file, gone after the test.</summary>
internal sealed class StoreFolder : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("kpi-rollups-");

    public string File => Path.Combine(folder.FullName, "rollups.db");

    /// <summary>A connection past the store, closed by the caller.</summary>
    public SqliteConnection Connect(string? file = null)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file ?? File, Pooling = false }.ToString());
        connection.Open();
        return connection;
    }

    /// <summary>A copy of the database and its log as they are on disk, as a crash leaves them.</summary>
    public string CopyAsAfterCrash(string name)
    {
        var copy = Path.Combine(Directory.CreateDirectory(Path.Combine(folder.FullName, name)).FullName, "rollups.db");
        foreach (var suffix in (string[])["", "-wal"])
        {
            System.IO.File.Copy(File + suffix, copy + suffix);
        }

        return copy;
    }

    public void Dispose() => folder.Delete(recursive: true);
}
