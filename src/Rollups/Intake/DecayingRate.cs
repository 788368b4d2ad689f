namespace Kpi.Rollups.Intake;

/// <summary>
/// How many a second of late: what came weighs less the older it is, by a factor of e a minute. Of a sender heard for the first time the
/// rate is over the time since then, but never over less than <see cref="LeastSeconds"/>: one body is no rate. Not safe for threads.
/// </summary>
internal struct DecayingRate(long since)
{
    private const double NanosPerSecond = 1e9;
    private const double MinuteSeconds = 60;

    // The usual time between two bodies of a sender.
    private const double LeastSeconds = 10;

    private readonly long first = since;
    private long last = since;
    private double perSecond;

    /// <summary>Counts so many at an instant, in nanoseconds since 1970. A clock that goes back counts them as of now.</summary>
    public void Add(long at, long count)
    {
        perSecond = (perSecond * Faded(at)) + (count / MinuteSeconds);
        last = Math.Max(last, at);
    }

    /// <summary>The rate at an instant, in nanoseconds since 1970.</summary>
    public readonly double At(long at)
    {
        var heardFor = Math.Max((at - first) / NanosPerSecond, LeastSeconds);
        return perSecond * Faded(at) / (1 - Math.Exp(-heardFor / MinuteSeconds));
    }

    private readonly double Faded(long at) => Math.Exp(-Math.Max(0, at - last) / (NanosPerSecond * MinuteSeconds));
}
