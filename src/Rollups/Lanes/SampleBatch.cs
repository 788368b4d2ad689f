using System.Threading.Tasks.Sources;
using Kpi.Rollups.Coverage;

namespace Kpi.Rollups.Lanes;

/// <summary>
/// The samples of one request, pooled. Owner: whoever rented it until it is posted, then the lanes until
/// <see cref="Applied"/> completes, then the renter again, who returns it. Grows to the largest request seen, which is bounded
/// by the request limit; batches over <see cref="KeptSamples"/> are not kept.
/// </summary>
public sealed class SampleBatch : ILaneMessage, IValueTaskSource, IThreadPoolWorkItem
{
    /// <summary>Samples beyond which a batch is left to the garbage collector: 1.5 MB.</summary>
    public const int KeptSamples = 65_536;

    private DurationSample[] durations = new DurationSample[1024];
    private CounterSample[] counters = [];
    private int durationCount;
    private int counterCount;
    private HeardSlice[] heard = [];
    private int heardCount;
    private int lanesLeft;
    private ManualResetValueTaskSourceCore<bool> applied;

    /// <summary>Durations, in the order they were added.</summary>
    public ReadOnlySpan<DurationSample> Durations => durations.AsSpan(0, durationCount);

    /// <summary>Points of counters, in the order they were added.</summary>
    public ReadOnlySpan<CounterSample> Counters => counters.AsSpan(0, counterCount);

    /// <summary>Sources that were heard, and when, in the order they were added.</summary>
    public ReadOnlySpan<HeardSlice> Heard => heard.AsSpan(0, heardCount);

    /// <summary>Whether there is nothing for the lanes in it.</summary>
    public bool IsEmpty => durationCount + counterCount + heardCount == 0;

    /// <summary>When the body behind it was received, as a timestamp of the process's clock.</summary>
    public long ReceivedAt { get; set; }

    /// <summary>Completes when every lane has applied the batch; await it once per post.</summary>
    public ValueTask Applied => new(this, applied.Version);

    /// <summary>Whether the batch is small enough to be pooled.</summary>
    internal bool IsWorthKeeping => durations.Length <= KeptSamples && counters.Length <= KeptSamples && heard.Length <= KeptSamples;

    /// <summary>Adds a duration.</summary>
    public void Add(in DurationSample sample)
    {
        if (durationCount == durations.Length)
        {
            Array.Resize(ref durations, durations.Length * 2);
        }

        durations[durationCount++] = sample;
    }

    /// <summary>Adds a point of a counter.</summary>
    public void Add(in CounterSample sample)
    {
        if (counterCount == counters.Length)
        {
            Array.Resize(ref counters, Math.Max(64, counters.Length * 2));
        }

        counters[counterCount++] = sample;
    }

    /// <summary>Notes that a source with a heartbeat was heard; points of one source and slice mostly come together and count once.</summary>
    public void Hear(SourceIdentity source, int slice)
    {
        if (heardCount > 0 && heard[heardCount - 1] is var (last, at) && at == slice && ReferenceEquals(last, source))
        {
            return;
        }

        if (heardCount == heard.Length)
        {
            Array.Resize(ref heard, Math.Max(4, heard.Length * 2));
        }

        heard[heardCount++] = new HeardSlice(source, slice);
    }

    /// <summary>Empties the batch.</summary>
    public void Clear() => durationCount = counterCount = heardCount = 0;

    /// <summary>Makes <see cref="Applied"/> wait for this many lanes.</summary>
    internal void Expect(int lanes)
    {
        applied.Reset();
        lanesLeft = lanes;
    }

    void ILaneMessage.RunOn(LaneCells cells)
    {
        cells.Apply(this);
        CompleteOne();
    }

    /// <summary>One lane is done; the last one wakes the waiter on the thread pool, never on the lane's thread.</summary>
    private void CompleteOne()
    {
        if (Interlocked.Decrement(ref lanesLeft) == 0)
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    void IThreadPoolWorkItem.Execute() => applied.SetResult(true);

    void IValueTaskSource.GetResult(short token) => applied.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => applied.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        applied.OnCompleted(continuation, state, token, flags);
}
