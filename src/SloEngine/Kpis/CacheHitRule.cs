namespace Kpi.SloEngine.Kpis;

/// <summary>
/// Reads that did not reach the origin over all logical reads, pooled over instances and caches; strictly above the target is met.
/// </summary>
public sealed record CacheHitRule : KpiRule
{
    /// <summary>Most layers that a definition may name: the tile lists them in one line.</summary>
    public const int MostLayers = 8;

    /// <summary>PromQL instant selectors of the counters of logical cacheable reads, those that bypassed the cache left out.</summary>
    public required IReadOnlyList<string> Reads { get; init; }

    /// <summary>Selectors of the counters of reads that reached the origin, whether it answered or failed.</summary>
    public required IReadOnlyList<string> Loads { get; init; }

    /// <summary>Selectors of the counters of reads that went past an unavailable cache; empty when nobody counts them.</summary>
    public IReadOnlyList<string> Bypasses { get; init; } = [];

    /// <summary>The cache's layers, outermost first; shown, but without a verdict of their own.</summary>
    public IReadOnlyList<CacheLayer> Layers { get; init; } = [];

    /// <inheritdoc/>
    public override Better Better => Better.Higher;
}

/// <summary>One layer of a cache: its hits over the reads that reached it.</summary>
/// <param name="Name">As the page writes it.</param>
/// <param name="Hits">Selectors of the counters of reads that it answered.</param>
/// <param name="Misses">Selectors of the counters of reads that reached it and went on.</param>
public sealed record CacheLayer(string Name, IReadOnlyList<string> Hits, IReadOnlyList<string> Misses);
