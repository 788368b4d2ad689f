namespace Kpi.SamplePlatform.Sharding;

/// <summary>
/// Ids of rows: 41 bits of milliseconds since 2026, 13 of the bucket, 10 of a sequence, so that ids of one tenant ascend with time and
/// tell where they were made. Ids of one instance are unique; two processes that write for one tenant may make the same, which the key of
/// the table then refuses. Positive until 2060.
/// </summary>
/// <remarks>
/// Time and sequence are one number that only goes up: a clock set back, or more than 1024 ids in a millisecond, borrow from the future.
/// </remarks>
internal sealed class TimeOrderedId(TimeProvider clock)
{
    private const int SequenceBits = 10;
    private const int BucketBits = 13;

    private static readonly long Start = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();

    private long last;

    public long Next(int bucket)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bucket);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(bucket, 1 << BucketBits);
        var before = Volatile.Read(ref last);
        while (true)
        {
            var now = (clock.GetUtcNow().ToUnixTimeMilliseconds() - Start) << SequenceBits;
            var next = Math.Max(now, before + 1);
            var found = Interlocked.CompareExchange(ref last, next, before);
            if (found == before)
            {
                return Compose(next, bucket);
            }

            before = found;
        }
    }

    private static long Compose(long next, int bucket) =>
        ((next >> SequenceBits) << (BucketBits + SequenceBits))
        | ((long)bucket << SequenceBits)
        | (next & ((1 << SequenceBits) - 1));
}
