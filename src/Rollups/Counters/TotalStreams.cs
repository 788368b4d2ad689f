using Kpi.Rollups.Intake;

namespace Kpi.Rollups.Counters;

/// <summary>
/// The newest running totals of a series, told apart by their start: a new start after the newest point is a reset, one before it
/// another sender (or the end of an earlier life, come late). Differences of totals of one start telescope, so a point that is lost
/// or late costs nothing. At most <see cref="Most"/>.
/// </summary>
/// <remarks>Source: OpenTelemetry, metrics data model, "Resets and Gaps" and "Overlap".</remarks>
internal struct TotalStreams<T>()
    where T : IRunningTotal<T>
{
    public const int Most = 4;

    // A first total counts only if it was begun not long ago: else it holds what was counted before we ever saw it.
    private const long MostSinceStart = 5 * 60 * 1_000_000_000L;

    private Stream[] streams = new Stream[1];
    private int count;

    /// <summary>Forgets all.</summary>
    public void Clear()
    {
        Array.Clear(streams);
        count = 0;
    }

    /// <summary>Knows a total from an earlier life.</summary>
    public void Restore(long start, long time, T total) => Keep(new Stream(start, time, Interval: 0, total));

    /// <summary>What a total adds.</summary>
    /// <param name="start">Since when it counts, in nanoseconds since 1970; 0 when the sender does not say.</param>
    /// <param name="time">When it was read.</param>
    /// <param name="total">The total.</param>
    /// <param name="followsIncreases">Whether the series had increases before, which counted the same events.</param>
    public TotalStep<T> Take(long start, long time, T total, bool followsIncreases)
    {
        var at = Find(start);
        return at < 0 ? Begin(start, time, total, followsIncreases) : GoOn(ref streams[at], start, time, total);
    }

    private static TotalStep<T> GoOn(ref Stream stream, long start, long time, T total)
    {
        var before = stream;
        if (time <= before.Time)
        {
            return Dropped(time < before.Time ? RejectReason.OutOfOrder
                : total.IsSame(before.Total) ? RejectReason.DuplicatePoint
                : RejectReason.OverlappingSenders);
        }

        stream = new Stream(start == 0 ? before.Start : start, time, time - before.Time, total);
        TotalStep<T> step = !total.GoesOnFrom(before.Total) ? new(TotalUse.Baseline, time, default, RejectReason.BucketsChanged)
            : total.IsBelow(before.Total) ? new(TotalUse.Whole, before.Time, default, RejectReason.ResetWithoutStart)
            : new(TotalUse.Difference, before.Time, before.Total, null);
        return step with { IsKept = true };
    }

    private TotalStep<T> Begin(long start, long time, T total, bool followsIncreases)
    {
        var newest = count == 0 ? default : streams[Newest()];
        var step = count == 0 ? First(start, time, followsIncreases ? 0 : MostSinceStart, RejectReason.UnknownStart, null)
            : start >= newest.Time ? First(start, time, long.MaxValue, RejectReason.UnknownStart, null)
            : time < newest.Time ? Dropped(RejectReason.OutOfOrder)
            : First(start, time, MostSince(newest.Interval), RejectReason.OverlappingSenders, RejectReason.OverlappingSenders);

        // Also one of an earlier life: what comes late behind it goes on from it.
        return step with { IsKept = Keep(new Stream(start, time, newest.Interval, total)) };
    }

    private static TotalStep<T> First(long start, long time, long mostSinceStart, RejectReason ofBaseline, RejectReason? ofWhole) =>
        start != 0 && start < time && time - start <= mostSinceStart
            ? new(TotalUse.Whole, start, default, ofWhole)
            : new(TotalUse.Baseline, time, default, ofBaseline);

    private static TotalStep<T> Dropped(RejectReason remark) => new(TotalUse.Dropped, 0, default, remark);

    private static long MostSince(long interval) => interval is 0 or > MostSinceStart / 2 ? MostSinceStart : 2 * interval;

    // The total that a point goes on from. A sender that does not tell its start goes on from the newest, and one that begins to
    // tell it from the one that had none.
    private readonly int Find(long start)
    {
        if (start == 0)
        {
            return Newest();
        }

        var of = streams.AsSpan(0, count);
        for (var i = 0; i < of.Length; i++)
        {
            if (of[i].Start == start)
            {
                return i;
            }
        }

        for (var i = 0; i < of.Length; i++)
        {
            if (of[i].Start == 0 && start < of[i].Time)
            {
                return i;
            }
        }

        return -1;
    }

    private readonly int Newest()
    {
        var newest = count - 1;
        for (var i = 0; i < count; i++)
        {
            newest = streams[i].Time > streams[newest].Time ? i : newest;
        }

        return newest;
    }

    // When there are too many, the one that was silent for longest makes room.
    private bool Keep(Stream stream)
    {
        if (count == Most)
        {
            var oldest = 0;
            for (var i = 1; i < count; i++)
            {
                oldest = streams[i].Time < streams[oldest].Time ? i : oldest;
            }

            if (streams[oldest].Time > stream.Time)
            {
                return false;
            }

            streams[oldest] = stream;
            return true;
        }

        if (count == streams.Length)
        {
            Array.Resize(ref streams, Most);
        }

        streams[count++] = stream;
        return true;
    }

    /// <summary>The newest total of those that one sender counted from one start.</summary>
    /// <param name="Start">Since when, in nanoseconds since 1970; 0 when the sender does not say.</param>
    /// <param name="Time">When it was read.</param>
    /// <param name="Interval">Time between its last two totals in nanoseconds; 0 when there was one only.</param>
    /// <param name="Total">The total.</param>
    private readonly record struct Stream(long Start, long Time, long Interval, T Total);
}
