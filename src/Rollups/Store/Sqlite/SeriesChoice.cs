using Kpi.Rollups.Identity;
using Kpi.Rollups.Store.Blocks;

namespace Kpi.Rollups.Store.Sqlite;

/// <summary>Series to read, and the shards and groups in which they lie.</summary>
internal sealed class SeriesChoice
{
    private readonly HashSet<(SeriesKind Kind, int Series)>? series;

    private SeriesChoice(HashSet<(SeriesKind Kind, int Series)>? series, IReadOnlyList<Shard> shards, IReadOnlyList<Shard> groups)
    {
        this.series = series;
        Shards = shards;
        GroupRuns = Runs(groups);
    }

    public IReadOnlyList<Shard> Shards { get; }

    /// <summary>Tiles to read: from the first to the last group of series, which lie side by side.</summary>
    public IReadOnlyList<(SeriesKind Kind, int First, int Last)> GroupRuns { get; }

    public static SeriesChoice Of(IEnumerable<(SeriesKind Kind, int Series)> numbers)
    {
        var chosen = numbers.ToHashSet();
        return new SeriesChoice(
            chosen,
            [.. chosen.Select(s => new Shard(s.Kind, s.Series / BlockFormat.SeriesPerShard(s.Kind))).Distinct()],
            [.. chosen.Select(s => new Shard(s.Kind, s.Series / BlockFormat.SeriesPerGroup(s.Kind))).Distinct()]);
    }

    public static SeriesChoice Of(Shard shard)
    {
        var groups = BlockFormat.SeriesPerShard(shard.Kind) / BlockFormat.SeriesPerGroup(shard.Kind);
        return new SeriesChoice(null, [shard], [.. Enumerable.Range(shard.Number * groups, groups).Select(g => new Shard(shard.Kind, g))]);
    }

    private static List<(SeriesKind Kind, int First, int Last)> Runs(IReadOnlyList<Shard> groups)
    {
        var runs = new List<(SeriesKind Kind, int First, int Last)>();
        foreach (var group in groups.OrderBy(g => g.Kind).ThenBy(g => g.Number))
        {
            if (runs is [.., var (kind, first, last)] && kind == group.Kind && last + 1 == group.Number)
            {
                runs[^1] = (kind, first, group.Number);
            }
            else
            {
                runs.Add((group.Kind, group.Number, group.Number));
            }
        }

        return runs;
    }

    public bool Has(SeriesKind kind, int number) => series is null || series.Contains((kind, number));
}
