namespace Kpi.SamplePlatform.Caching;

/// <summary>How long things live in the cache, and when Redis is given up for a while.</summary>
internal sealed record CacheOptions
{
    /// <summary>Life of a value, before jitter. Also the bound of staleness if a process dies between its commit and its delete.</summary>
    public TimeSpan Ttl { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Lives are spread over ±this share, so that what was filled together does not expire together. 0..1.</summary>
    public double Jitter { get; init; } = 0.15;

    /// <summary>Life of the knowledge that a row does not exist, before jitter.</summary>
    public TimeSpan NegativeTtl { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Longest time from a miss to its fill; a later fill is refused.</summary>
    public TimeSpan LeaseTtl { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Longest run of a loader. No caller can end it sooner, because others may wait for it.</summary>
    public TimeSpan LoadTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Longest wait for one Redis command.</summary>
    public TimeSpan CommandTimeout { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Failed commands in a row after which Redis is left alone.</summary>
    public int FailuresToOpen { get; init; } = 3;

    /// <summary>How long it is left alone before it is probed.</summary>
    public TimeSpan OpenFor { get; init; } = TimeSpan.FromSeconds(2);
}
