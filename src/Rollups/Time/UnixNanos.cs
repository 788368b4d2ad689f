namespace Kpi.Rollups.Time;

/// <summary>An instant: nanoseconds since 1970-01-01T00:00:00Z, as OTLP's <c>time_unix_nano</c>. Reaches to the year 2262.</summary>
public readonly record struct UnixNanos(long Value)
{
    private const long NanosPerTick = 100;

    /// <summary>The instant of a clock, to the clock's 100 ns.</summary>
    public static UnixNanos Now(TimeProvider clock) => From(clock.GetUtcNow());

    /// <summary>The same instant; dates after 2262 do not fit and overflow.</summary>
    public static UnixNanos From(DateTimeOffset instant) =>
        new(checked((instant.UtcTicks - DateTime.UnixEpoch.Ticks) * NanosPerTick));

    /// <summary>The same instant, cut to 100 ns.</summary>
    public DateTimeOffset ToDateTimeOffset() => new(DateTime.UnixEpoch.Ticks + (Value / NanosPerTick), TimeSpan.Zero);
}
