namespace Kpi.SloEngine.Verdicts;

/// <summary>A cache over a window.</summary>
/// <param name="Reads">Logical reads, 0 or more.</param>
/// <param name="Loads">Reads of the origin; null when no counter of them was heard. May exceed <paramref name="Reads"/> where one
/// counter is fresher than the other, or counts something else.</param>
internal readonly record struct CacheMeasurement(long Reads, long? Loads)
{
    /// <summary>Beyond this the exact interval has no digits left, and no width either.</summary>
    private const long MostCertain = 1_000_000_000_000;

    /// <summary>Loads that can be misses of these reads.</summary>
    public long Misses => Math.Min(Loads ?? 0, Reads);

    /// <summary>Reads that did not load.</summary>
    public long Hits => Reads - Misses;

    /// <summary>Hits over reads; null without reads. Never below 0.</summary>
    public double? Ratio => Reads > 0 ? (double)Hits / Reads : null;

    /// <summary>More loads than reads: the counters do not speak of the same, and the ratio says little.</summary>
    public bool IsContradictory => Loads > Reads;

    /// <summary>The ratio of misses, which must be below what the target allows.</summary>
    public RatioMeasurement MissRatio => new(Misses, Reads, Math.Min(Reads, MostCertain), AbortRatio: 0);

    /// <summary>The 95 % interval of the hit ratio; 0..1 without reads, and also where nothing is certain.</summary>
    public Interval Interval
    {
        get
        {
            var misses = MissRatio.Interval;
            return IsContradictory ? new Interval(0, 1) : new Interval(1 - misses.High, 1 - misses.Low);
        }
    }
}
