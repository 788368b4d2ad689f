namespace Kpi.SamplePlatform.Sharding;

/// <summary>
/// Jump consistent hash (Lamping and Veach 2014, arXiv 1406.2294): with one bucket more, 1/n of the keys move, and only into the new one.
/// The key must already be well mixed.
/// </summary>
internal static class JumpHash
{
    public static int Of(ulong key, int buckets)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(buckets);
        long bucket = -1;
        for (long next = 0; next < buckets;)
        {
            bucket = next;
            key = unchecked((key * 2862933555777941757) + 1);
            next = (long)((bucket + 1) * ((1L << 31) / (double)((key >> 33) + 1)));
        }

        return (int)bucket;
    }
}
