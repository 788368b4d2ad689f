namespace Kpi.Rollups.Intake;

/// <summary>The counts of one sender. Each call takes the sender's own lock for some additions; senders do not wait for each other.</summary>
internal sealed class SenderState(string peer, string service, long since)
{
    private const long NanosPerTick = 100;

    private static readonly TelemetrySignal[] Signals = Enum.GetValues<TelemetrySignal>();
    private static readonly RejectReason[] Reasons = Enum.GetValues<RejectReason>();

    private readonly Lock gate = new();
    private readonly long[] byReason = new long[Reasons.Length];
    private readonly bool[] bySignal = new bool[Signals.Length];
    private DecayingRate itemRate = new(since);
    private DecayingRate byteRate = new(since);
    private ClockSkew skew;
    private long items;
    private long sentBytes;
    private long inflatedBytes;
    private long repeated;
    private long lastHeard = since;

    /// <summary>In nanoseconds since 1970.</summary>
    public long LastHeard => Volatile.Read(ref lastHeard);

    public void Take(in HeardBody body, long taken, long newest, ReadOnlySpan<int> reasons)
    {
        lock (gate)
        {
            Hear_NeedsLock(in body);
            items += taken;
            itemRate.Add(body.Receipt, taken);
            for (var i = 0; i < reasons.Length; i++)
            {
                byReason[i] += reasons[i];
            }

            if (newest > 0)
            {
                skew.Add(body.Receipt, newest);
            }
        }
    }

    public void Repeat(in HeardBody body)
    {
        lock (gate)
        {
            Hear_NeedsLock(in body);
            repeated++;
        }
    }

    public void Refuse(in HeardBody body, RejectReason reason)
    {
        lock (gate)
        {
            Hear_NeedsLock(in body);
            byReason[(int)reason]++;
        }
    }

    public SenderReading Read(long now)
    {
        lock (gate)
        {
            return new SenderReading(peer, service)
            {
                Signals = [.. Signals.Where(s => bySignal[(int)s])],
                Items = items,
                SentBytes = sentBytes,
                InflatedBytes = inflatedBytes,
                Repeated = repeated,
                ItemsPerSecond = itemRate.At(now),
                BytesPerSecond = byteRate.At(now),
                LastHeard = lastHeard,
                ClockBehind = skew.At(now) is { } nanos ? new TimeSpan(nanos / NanosPerTick) : null,
                Reasons = Reasons.Where(r => byReason[(int)r] > 0).ToDictionary(r => r, r => byReason[(int)r]),
            };
        }
    }

    private void Hear_NeedsLock(in HeardBody body)
    {
        Volatile.Write(ref lastHeard, Math.Max(lastHeard, body.Receipt));
        sentBytes += body.SentBytes;
        inflatedBytes += body.InflatedBytes;
        byteRate.Add(body.Receipt, body.SentBytes);
        if (body.Signal is { } signal)
        {
            bySignal[(int)signal] = true;
        }
    }
}
