using Kpi.SloEngine.Kpis;

namespace Kpi.SloEngine.Evaluation.Counters;

/// <summary>Where the sums of a cache's counters stand: reads, loads, bypasses, then hits and misses of each layer.</summary>
internal static class CacheTallies
{
    public const int Reads = 0;
    public const int Loads = 1;
    public const int Bypasses = 2;

    public static int HitsOf(int layer) => 3 + (2 * layer);

    public static int MissesOf(int layer) => 4 + (2 * layer);

    /// <summary>The selectors of each sum, in that order.</summary>
    public static IEnumerable<IReadOnlyList<string>> SelectorsOf(CacheHitRule rule) =>
        [rule.Reads, rule.Loads, rule.Bypasses, .. rule.Layers.SelectMany(layer => new[] { layer.Hits, layer.Misses })];
}
