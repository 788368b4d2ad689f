using Kpi.Rollups.Identity;
using Kpi.Rollups.Time;

namespace Kpi.Collector.Spans;

/// <summary>The times that a span may end at, and since when a source without spans is idle; decided once per request by its receipt.</summary>
internal readonly record struct SpanLimits(long Receipt, long Earliest, long Latest, long IdleSince)
{
    /// <summary>Bytes of a label value at most; longer ones are counted as <c>_OTHER</c>.</summary>
    public const int MostLabelBytes = 256;

    /// <summary>Resources told apart at most; spans of further ones go to the overflow series.</summary>
    public const int MostResources = 10_000;

    public static SpanLimits At(UnixNanos receipt, RollupLimits limits)
    {
        var kept = Slice.Of(new UnixNanos(receipt.Value - Nanos(limits.Retention)));
        return new SpanLimits(
            receipt.Value, kept.Plus(-1).End.Value + 1, receipt.Value + Nanos(limits.MostAhead), receipt.Value - Nanos(limits.IdleAfter));
    }

    private static long Nanos(TimeSpan span) => span.Ticks * 100;
}
