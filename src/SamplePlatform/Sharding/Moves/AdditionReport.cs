namespace Kpi.SamplePlatform.Sharding.Moves;

/// <summary>What adding a shard did.</summary>
/// <param name="Moved">By this run.</param>
/// <param name="Finished">Moves of earlier runs that had been committed and now are done.</param>
/// <param name="Undone">Moves of earlier runs that had not been committed; their buckets are open on the old shard.</param>
internal sealed record AdditionReport(IReadOnlyList<MovedBucket> Moved, int Finished, int Undone)
{
    public TimeSpan ShortestFence => Fence(0);

    public TimeSpan LongestFence => Fence(1);

    /// <summary>By nearest rank; below 100 buckets it is the longest.</summary>
    public TimeSpan P99Fence => Fence(0.99);

    /// <summary>Zero when nothing was moved.</summary>
    private TimeSpan Fence(double share)
    {
        var fences = Moved.Select(m => m.Fence).Order().ToArray();
        return fences.Length == 0 ? TimeSpan.Zero : fences[Math.Max((int)Math.Ceiling(share * fences.Length) - 1, 0)];
    }
}

/// <summary>One bucket, moved.</summary>
/// <param name="Fence">How long nobody could enter it.</param>
internal sealed record MovedBucket(int Bucket, string From, long Rows, TimeSpan Fence);
