using System.Collections.Concurrent;
using System.Text;

namespace Kpi.Rollups.Intake;

/// <summary>
/// Who sends what, so that the worst offenders can be named: a sender is an address without its port and the service that the first
/// resource of its bodies names. Through a gateway many services share an address; a body that carries several counts with its first.
/// Any thread writes, any reads; a known sender costs no allocation. At most <see cref="MostSenders"/>: then those silent for longest leave,
/// with their counts.
/// </summary>
/// <param name="since">When the counting began, in nanoseconds since 1970.</param>
public sealed class SenderBook(long since)
{
    /// <summary>Senders told apart at most.</summary>
    public const int MostSenders = 2_000;

    // Who makes up names must not make us look for the oldest of all with each: some leave at a time.
    private const int LeaveAtOnce = 50;

    // A token's name and an IPv6 address with its zone; as long as a label value.
    private const int MostPeerBytes = 160;
    private const int MostServiceBytes = 256;

    // No address has it in it, so the two parts cannot run into each other.
    private const char Between = '\n';

    private readonly Lock gate = new();
    private readonly ConcurrentDictionary<string, SenderState> senders = new(StringComparer.Ordinal);
    private int count;
    private long forgotten;

    private static ReadOnlySpan<byte> TooLong => "_OTHER"u8;

    /// <summary>When the counting began, in nanoseconds since 1970.</summary>
    public long Since => since;

    /// <summary>Senders that are known.</summary>
    public int Count => Volatile.Read(ref count);

    /// <summary>Senders that left as others came; one that comes back begins anew.</summary>
    public long Forgotten => Volatile.Read(ref forgotten);

    /// <summary>Notes a body that was taken, but for its rejected items.</summary>
    /// <param name="taken">Items taken.</param>
    /// <param name="newest">Time of its newest item, in nanoseconds since 1970; 0 when none has one.</param>
    /// <param name="reasons">What its items bear: a count for each <see cref="RejectReason"/>, in its order.</param>
    public void Take(in HeardBody body, long taken, long newest, ReadOnlySpan<int> reasons) => StateOf(in body).Take(in body, taken, newest, reasons);

    /// <summary>Notes a body that came again after it was taken.</summary>
    public void Repeat(in HeardBody body) => StateOf(in body).Repeat(in body);

    /// <summary>Notes a request that was not taken.</summary>
    public void Refuse(in HeardBody body, RejectReason reason) => StateOf(in body).Refuse(in body, reason);

    /// <summary>What is known of each sender at an instant, in nanoseconds since 1970; in no order.</summary>
    public IReadOnlyList<SenderReading> Read(long now) => [.. senders.Select(s => s.Value.Read(now))];

    private SenderState StateOf(in HeardBody body)
    {
        Span<char> key = stackalloc char[MostPeerBytes + 1 + MostServiceBytes];
        var peerLength = Encoding.UTF8.GetChars(body.Peer.Length > MostPeerBytes ? TooLong : body.Peer, key);
        key[peerLength] = Between;
        var service = body.Service.Length > MostServiceBytes ? TooLong : body.Service;
        var length = peerLength + 1 + Encoding.UTF8.GetChars(service, key[(peerLength + 1)..]);
        var known = senders.GetAlternateLookup<ReadOnlySpan<char>>();
        return known.TryGetValue(key[..length], out var state) ? state : Add(key[..length], peerLength, body.Receipt);
    }

    private SenderState Add(ReadOnlySpan<char> key, int peerLength, long receipt)
    {
        lock (gate)
        {
            var name = key.ToString();
            if (senders.TryGetValue(name, out var known))
            {
                return known;
            }

            if (count >= MostSenders)
            {
                ForgetSilent_NeedsLock();
            }

            var added = new SenderState(name[..peerLength], name[(peerLength + 1)..], receipt);
            senders[name] = added;
            Volatile.Write(ref count, count + 1);
            return added;
        }
    }

    private void ForgetSilent_NeedsLock()
    {
        foreach (var (name, _) in senders.Select(s => (s.Key, s.Value.LastHeard)).OrderBy(s => s.LastHeard).Take(LeaveAtOnce).ToList())
        {
            senders.TryRemove(name, out _);
            count--;
            forgotten++;
        }
    }
}
