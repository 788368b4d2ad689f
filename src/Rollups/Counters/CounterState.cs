using Kpi.Rollups.Cells;
using Kpi.Rollups.Intake;
using Kpi.Rollups.Lanes;

namespace Kpi.Rollups.Counters;

/// <summary>
/// What must be remembered of a counter to turn its points into increases. Owned by the series' lane. It lives and goes with the
/// active series, so there are as many as active counters, with at most <see cref="MostStreams"/> totals each.
/// </summary>
/// <remarks>
/// Totals are told apart by their start: a new start after the newest point is a reset, one before it another sender (or the end
/// of an earlier life, come late). Differences of totals of one start telescope, so a point that is lost or late costs nothing.
/// Source: OpenTelemetry, metrics data model, "Resets and Gaps" and "Overlap".
/// </remarks>
internal sealed class CounterState
{
    public const int MostStreams = 4;

    // A first total counts only if it was begun not long ago: else it holds what was counted before we ever saw it.
    private const long MostSinceStart = 5 * 60 * 1_000_000_000L;

    private CounterStream[] streams = new CounterStream[1];
    private int count;
    private long newestIncrease;

    /// <summary>A counter whose newest total is known from an earlier life, and its start is not.</summary>
    public static CounterState At(long time, FixedSum total)
    {
        var state = new CounterState();
        state.Keep(new CounterStream(Start: 0, time, Interval: 0, total));
        return state;
    }

    public CounterStep Take(in CounterSample sample)
    {
        if (sample.IsStale)
        {
            return CounterStep.Adds(FixedSum.Zero, sample.Time.Value);
        }

        var start = sample.Start.Value <= sample.Time.Value ? sample.Start.Value : 0;
        return sample.IsIncrease ? TakeIncrease(start, sample.Time.Value, sample.Value) : TakeTotal(start, sample.Time.Value, sample.Value);
    }

    /// <summary>An increase is added whenever it comes; there is nothing to compare it with.</summary>
    public static CounterStep StepOf(in CounterSample increase)
    {
        var known = increase.Start.Value > 0 && increase.Start.Value <= increase.Time.Value;
        return CounterStep.Adds(increase.IsStale ? FixedSum.Zero : increase.Value, known ? increase.Start.Value : increase.Time.Value);
    }

    private CounterStep TakeIncrease(long start, long time, FixedSum value)
    {
        // Totals that come after increases have counted the same events again, so they begin with a baseline.
        count = 0;
        var overlaps = start != 0 && start < newestIncrease;
        newestIncrease = Math.Max(newestIncrease, time);
        return CounterStep.Adds(value, start == 0 ? time : start, overlaps ? RejectReason.OverlappingSenders : null);
    }

    private CounterStep TakeTotal(long start, long time, FixedSum total)
    {
        var at = Find(start);
        return at < 0 ? Begin(start, time, total) : GoOn(ref streams[at], start, time, total);
    }

    private static CounterStep GoOn(ref CounterStream stream, long start, long time, FixedSum total)
    {
        if (time <= stream.Time)
        {
            return CounterStep.Dropped(time < stream.Time ? RejectReason.OutOfOrder
                : total == stream.Total ? RejectReason.DuplicatePoint
                : RejectReason.OverlappingSenders);
        }

        var fell = total.Nanos < stream.Total.Nanos;
        var step = fell
            ? CounterStep.Adds(total, stream.Time, RejectReason.ResetWithoutStart)
            : CounterStep.Adds(total - stream.Total, stream.Time);
        stream = new CounterStream(start == 0 ? stream.Start : start, time, time - stream.Time, total);
        return step;
    }

    private CounterStep Begin(long start, long time, FixedSum total)
    {
        var newest = count == 0 ? default : streams[Newest()];
        var step = count == 0 ? First(start, time, total, newestIncrease == 0 ? MostSinceStart : 0, RejectReason.UnknownStart, null)
            : start >= newest.Time ? First(start, time, total, long.MaxValue, RejectReason.UnknownStart, null)
            : time < newest.Time ? CounterStep.Dropped(RejectReason.OutOfOrder)
            : First(start, time, total, MostSince(newest.Interval), RejectReason.OverlappingSenders, RejectReason.OverlappingSenders);
        Keep(new CounterStream(start, time, newest.Interval, total));
        return step;
    }

    private static CounterStep First(long start, long time, FixedSum total, long mostSinceStart, RejectReason ofBaseline, RejectReason? ofTotal) =>
        start != 0 && start < time && time - start <= mostSinceStart
            ? CounterStep.Adds(total, start, ofTotal)
            : CounterStep.Baseline(time, ofBaseline);

    private static long MostSince(long interval) => interval is 0 or > MostSinceStart / 2 ? MostSinceStart : 2 * interval;

    // The total that a point goes on from. A sender that does not tell its start goes on from the newest, and one that begins to
    // tell it from the one that had none.
    private int Find(long start)
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

    private int Newest()
    {
        var newest = count - 1;
        for (var i = 0; i < count; i++)
        {
            newest = streams[i].Time > streams[newest].Time ? i : newest;
        }

        return newest;
    }

    // When there are too many, the one that was silent for longest makes room.
    private void Keep(CounterStream stream)
    {
        if (count == MostStreams)
        {
            var oldest = 0;
            for (var i = 1; i < count; i++)
            {
                oldest = streams[i].Time < streams[oldest].Time ? i : oldest;
            }

            streams[oldest] = streams[oldest].Time <= stream.Time ? stream : streams[oldest];
            return;
        }

        if (count == streams.Length)
        {
            Array.Resize(ref streams, MostStreams);
        }

        streams[count++] = stream;
    }
}
