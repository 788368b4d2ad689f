namespace Kpi.Collector.Import;

/// <summary>
/// A clock that stands at the moment an import was begun. By it a time is too old or too far ahead however often the import is run
/// again, and no series goes idle while its file set is read: what becomes of a point does not depend on how fast the disk is.
/// </summary>
internal sealed class StandingClock(DateTimeOffset at) : TimeProvider
{
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => at;

    public override long GetTimestamp() => at.UtcTicks;
}
