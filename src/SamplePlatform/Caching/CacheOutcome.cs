namespace Kpi.SamplePlatform.Caching;

/// <summary>What became of one logical read; every read has exactly one.</summary>
internal enum CacheOutcome
{
    /// <summary>Redis held the value.</summary>
    L2Hit,

    /// <summary>Redis held the knowledge that there is none.</summary>
    NegativeHit,

    /// <summary>Somebody else's load answered.</summary>
    Coalesced,

    /// <summary>The loader ran for this read.</summary>
    Load,

    /// <summary>The loader ran for this read and failed.</summary>
    LoadError,

    /// <summary>Redis was out of reach: the answer came straight from the origin and says nothing about the cache.</summary>
    Bypass,
}
