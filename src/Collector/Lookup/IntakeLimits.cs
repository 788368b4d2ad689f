using Kpi.Rollups.Identity;
using Kpi.Rollups.Time;

namespace Kpi.Collector.Lookup;

/// <summary>The times that a span may end at, or a data point be of, and since when a silent source is idle; decided once per request by its receipt.</summary>
internal readonly record struct IntakeLimits(long Receipt, long Earliest, long Latest, long IdleSince)
{
    /// <summary>Bytes of a label value at most; longer ones are counted as <c>_OTHER</c>.</summary>
    public const int MostLabelBytes = 256;

    /// <summary>Resources told apart at most; what comes from further ones goes to the overflow series.</summary>
    public const int MostResources = 10_000;

    /// <summary>What OpenTelemetry's conventions call a value that is not one of the known.</summary>
    public static ReadOnlySpan<byte> Other => "_OTHER"u8;

    /// <summary>Whether a time is neither too old nor too far ahead.</summary>
    public bool Holds(ulong time) => time >= (ulong)Earliest && time <= (ulong)Latest;

    public static IntakeLimits At(UnixNanos receipt, RollupLimits limits)
    {
        var kept = Slice.Of(new UnixNanos(receipt.Value - Nanos(limits.Retention)));
        return new IntakeLimits(
            receipt.Value, kept.Plus(-1).End.Value + 1, receipt.Value + Nanos(limits.MostAhead), receipt.Value - Nanos(limits.IdleAfter));
    }

    private static long Nanos(TimeSpan span) => span.Ticks * 100;
}
