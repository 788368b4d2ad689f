using System.Text.Json;
using Kpi.Rollups.Cells;
using Kpi.Rollups.Identity;
using Kpi.Rollups.Store.Blocks;
using Kpi.Rollups.Store.Sqlite;
using Kpi.Rollups.Store.Tiers;
using Kpi.Rollups.Time;
using Microsoft.Data.Sqlite;

namespace Kpi.Rollups.Store.Migration;

/// <summary>
/// Brings a file of format 1 into the present one, in one transaction. Format 1 had the 10 s tier alone, one row per cell of a
/// block and numbers of series across kinds; what it did not know is how sampling weights differed.
/// </summary>
internal static class FormatOne
{
    public static void Migrate(SqliteConnection connection, string tables, string stamp)
    {
        using (var transaction = connection.BeginTransaction())
        {
            connection.Execute(
                $"""
                ALTER TABLE series RENAME TO series_1; ALTER TABLE block RENAME TO block_1;
                ALTER TABLE edge_set RENAME TO edge_set_1; ALTER TABLE writer RENAME TO writer_1;
                {tables}
                INSERT INTO edge_set SELECT number, edges FROM edge_set_1;
                INSERT INTO writer SELECT number, id, last_flush, position FROM writer_1;
                """);
            MoveCells(connection);
            connection.Execute($"DROP TABLE block_1; DROP TABLE series_1; DROP TABLE edge_set_1; DROP TABLE writer_1; {stamp}");
            transaction.Commit();
        }

        // Only a rewrite of the file changes how it gives space back; when it fails, all else holds.
        connection.Execute("VACUUM");
    }

    private static void MoveCells(SqliteConnection connection)
    {
        var series = ReadSeries(connection);
        var edgeSets = ReadEdgeSets(connection);
        var flushes = new FlushWriter();
        using var blocks = connection.Command("SELECT slice, kind, body FROM block_1 ORDER BY slice, kind");
        using var row = blocks.ExecuteReader();
        var distributions = new List<DistributionIncrement>();
        var counters = new List<CounterIncrement>();
        var at = 0;
        while (row.Read())
        {
            if (row.GetInt32(0) != at)
            {
                Write();
                at = row.GetInt32(0);
            }

            if (row.GetInt32(1) == (int)SeriesKind.Distribution)
            {
                distributions.AddRange(Distributions(row.GetFieldValue<byte[]>(2), series, edgeSets, new Slice(at)));
            }
            else
            {
                counters.AddRange(Counters(row.GetFieldValue<byte[]>(2), series, new Slice(at)));
            }
        }

        Write();

        void Write()
        {
            flushes.Write(connection, new FlushCommit(Guid.Empty, default, distributions, counters), TierReaches.None);
            distributions.Clear();
            counters.Clear();
        }
    }

    private static List<DistributionIncrement> Distributions(
        ReadOnlySpan<byte> body, Dictionary<long, Series> series, Dictionary<int, EdgeSet> edgeSets, Slice slice)
    {
        var read = new List<DistributionIncrement>();
        var source = new ByteSource(body);
        long number = 0;
        for (var left = FormatOneDistributions.ReadHead(ref source); left > 0; left--)
        {
            var cell = new DistributionCell(new CellMemory());
            number = FormatOneDistributions.ReadNext(ref source, number, n => edgeSets[n], cell);
            cell.SquaredWeights = EqualWeights(cell.Count, cell.Observed);
            read.Add(new DistributionIncrement(series[number] with { Kind = SeriesKind.Distribution }, slice, cell));
        }

        source.ExpectEnd();
        return read;
    }

    private static List<CounterIncrement> Counters(ReadOnlySpan<byte> body, Dictionary<long, Series> series, Slice slice)
    {
        var read = new List<CounterIncrement>();
        var source = new ByteSource(body);
        long number = 0;
        for (var left = FormatOneCounters.ReadHead(ref source); left > 0; left--)
        {
            (number, var cell) = FormatOneCounters.ReadNext(ref source, number);
            read.Add(new CounterIncrement(series[number] with { Kind = SeriesKind.Counter }, slice, cell));
        }

        source.ExpectEnd();
        return read;
    }

    // As if all stood for as many events; never under the count, as whole weights never are.
    private static UInt128 EqualWeights(long count, long observed) =>
        observed == 0 ? 0 : UInt128.Max((UInt128)count, (UInt128)count * (UInt128)count / (UInt128)observed);

    private static Dictionary<long, Series> ReadSeries(SqliteConnection connection)
    {
        var series = new Dictionary<long, Series>();
        using var command = connection.Command("SELECT number, kind, unit, labels FROM series_1");
        using var row = command.ExecuteReader();
        while (row.Read())
        {
            var labels = Labels.Of(JsonSerializer.Deserialize<Dictionary<string, string>>(row.GetString(3))!);
            series.Add(row.GetInt64(0), Series.Of((SeriesKind)row.GetInt32(1), row.GetString(2), labels));
        }

        return series;
    }

    private static Dictionary<int, EdgeSet> ReadEdgeSets(SqliteConnection connection)
    {
        var sets = new Dictionary<int, EdgeSet>();
        using var command = connection.Command("SELECT number, edges FROM edge_set_1");
        using var row = command.ExecuteReader();
        while (row.Read())
        {
            sets.Add(row.GetInt32(0), EdgeSet.Of(JsonSerializer.Deserialize<double[]>(row.GetString(1))!));
        }

        return sets;
    }
}
