namespace Kpi.SamplePlatform.Sharding;

/// <summary>The logical buckets. A tenant never changes its bucket; a bucket may change its shard.</summary>
internal static class Buckets
{
    /// <summary>Divisible by 1 to 6, 8, 10, 12 and 15, so that so many shards get equal shares.</summary>
    public const int Count = 120;

    public static int Of(long tenant) => JumpHash.Of(Mix(unchecked((ulong)tenant)), Count);

    /// <summary>Splitmix64 (Steele, Lea, Flood 2014): tenant numbers are consecutive, jump hash wants random bits.</summary>
    private static ulong Mix(ulong value)
    {
        unchecked
        {
            value += 0x9E3779B97F4A7C15;
            value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
            value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
            return value ^ (value >> 31);
        }
    }
}
