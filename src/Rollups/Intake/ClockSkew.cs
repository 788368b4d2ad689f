namespace Kpi.Rollups.Intake;

/// <summary>
/// How far a sender's clock seems to be behind ours. Receipt minus the time of a body's newest item is delay plus what the clock is
/// behind; the delay of batching and of the way only ever adds, so the least of the last minutes is the best that can be known. Negative is
/// a clock that is ahead, for certain. Lastingly positive is one that is behind, or data that all comes late: the two look alike.
/// Not safe for threads.
/// </summary>
internal struct ClockSkew
{
    // The least is that of the half under way and of the one before: of the last 2.5 to 5 minutes.
    private const long HalfNanos = 150L * 1_000_000_000;

    private long half;
    private long? current;
    private long? previous;

    /// <summary>Takes a body's receipt and the time of its newest item, both in nanoseconds since 1970.</summary>
    public void Add(long receipt, long newest)
    {
        var now = receipt / HalfNanos;
        if (now > half)
        {
            previous = now == half + 1 ? current : null;
            current = null;
            half = now;
        }

        current = Least(current, receipt - newest);
    }

    /// <summary>The estimate at an instant, in nanoseconds; null when nothing was heard of late.</summary>
    public readonly long? At(long at) => ((at / HalfNanos) - half) switch
    {
        <= 0 => Least(current, previous),
        1 => current,
        _ => null,
    };

    private static long? Least(long? one, long? other) => one is null || other < one ? other ?? one : one;
}
