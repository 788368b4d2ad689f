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
        Groups = groups;
    }

    public IReadOnlyList<Shard> Shards { get; }

    /// <summary>As many series each as a tile holds.</summary>
    public IReadOnlyList<Shard> Groups { get; }

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

    public bool Has(SeriesKind kind, int number) => series is null || series.Contains((kind, number));
}
