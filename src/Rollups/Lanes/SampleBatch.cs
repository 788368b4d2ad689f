using System.Runtime.CompilerServices;
using System.Threading.Tasks.Sources;
using Kpi.Rollups.Cells;
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

    private const long MostBytes = 128 << 20;

    private DurationSample[] durations = new DurationSample[1024];
    private CounterSample[] counters = [];
    private GaugeSample[] gauges = [];
    private HistogramSample[] histograms = [];
    private long[] buckets = [];
    private int durationCount;
    private int counterCount;
    private int gaugeCount;
    private int histogramCount;
    private int bucketCount;
    private HeardSlice[] heard = [];
    private int heardCount;
    private int lanesLeft;
    private ManualResetValueTaskSourceCore<bool> applied;

    /// <summary>
    /// Whether it holds as much as a request may bring, 128 MiB. Samples are larger than the smallest items of a body, so that its limit
    /// alone would not do.
    /// </summary>
    public bool IsFull => (32L * (durationCount + gaugeCount)) + (56L * counterCount) + (128L * histogramCount) + (8L * bucketCount) > MostBytes;

    /// <summary>Durations, in the order they were added.</summary>
    public ReadOnlySpan<DurationSample> Durations => durations.AsSpan(0, durationCount);

    /// <summary>Points of counters, in the order they were added.</summary>
    public ReadOnlySpan<CounterSample> Counters => counters.AsSpan(0, counterCount);

    /// <summary>Points of gauges, in the order they were added.</summary>
    public ReadOnlySpan<GaugeSample> Gauges => gauges.AsSpan(0, gaugeCount);

    /// <summary>Points of histograms, in the order they were added.</summary>
    public ReadOnlySpan<HistogramSample> Histograms => histograms.AsSpan(0, histogramCount);

    /// <summary>Sources that were heard, and when, in the order they were added.</summary>
    public ReadOnlySpan<HeardSlice> Heard => heard.AsSpan(0, heardCount);

    /// <summary>Whether there is nothing for the lanes in it.</summary>
    public bool IsEmpty => durationCount + counterCount + gaugeCount + histogramCount + heardCount == 0;

    /// <summary>When the body behind it was received, as a timestamp of the process's clock.</summary>
    public long ReceivedAt { get; set; }

    /// <summary>Completes when every lane has applied the batch; await it once per post.</summary>
    public ValueTask Applied => new(this, applied.Version);

    /// <summary>Whether the batch is small enough to be pooled.</summary>
    internal bool IsWorthKeeping => Math.Max(Math.Max(durations.Length, counters.Length), Math.Max(gauges.Length, heard.Length)) <= KeptSamples
        && Math.Max(histograms.Length, buckets.Length / 16) <= KeptSamples;

    /// <summary>Adds a duration.</summary>
    public void Add(in DurationSample sample) => Append(ref durations, ref durationCount, in sample);

    /// <summary>Adds a point of a counter.</summary>
    public void Add(in CounterSample sample) => Append(ref counters, ref counterCount, in sample);

    /// <summary>Adds a point of a gauge.</summary>
    public void Add(in GaugeSample sample) => Append(ref gauges, ref gaugeCount, in sample);

    /// <summary>Adds a point of a histogram, whose buckets were added before.</summary>
    public void Add(in HistogramSample sample) => Append(ref histograms, ref histogramCount, in sample);

    /// <summary>Buckets added so far.</summary>
    public int BucketCount => bucketCount;

    /// <summary>Room for the counts of a histogram's next buckets; to be filled at once.</summary>
    /// <param name="count">How many.</param>
    /// <param name="at">Where they lie in the batch.</param>
    public Span<long> AddBuckets(int count, out int at)
    {
        if (buckets.Length - bucketCount < count)
        {
            Array.Resize(ref buckets, Math.Max(256, Math.Max(bucketCount + count, buckets.Length * 2)));
        }

        at = bucketCount;
        bucketCount += count;
        return buckets.AsSpan(at, count);
    }

    /// <summary>The counts of a point's buckets: those over zero, or between explicit bounds, then those under it.</summary>
    public ReadOnlySpan<long> BucketsOf(in HistogramSample sample) => buckets.AsSpan(sample.BucketsAt, sample.PositiveLength + sample.NegativeLength);

    /// <summary>Reads what a point counted.</summary>
    internal void Read(in HistogramSample sample, HistogramCounts into)
    {
        into.Reset(sample.Layout!);
        into.Zeros = sample.Zeros;
        into.Sum = double.IsNaN(sample.Sum) ? null : FixedSum.From(sample.Sum);
        var of = BucketsOf(in sample);
        into.Positive.Add(sample.PositiveFirst, of[..sample.PositiveLength]);
        into.Negative.Add(sample.NegativeFirst, of[sample.PositiveLength..]);

        // Fewer in all than in the buckets cannot be stored.
        into.Count = Math.Max(sample.Count, into.InBuckets);
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
    public void Clear() => durationCount = counterCount = gaugeCount = histogramCount = bucketCount = heardCount = 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Append<T>(ref T[] items, ref int count, in T item)
    {
        if (count == items.Length)
        {
            Array.Resize(ref items, Math.Max(64, items.Length * 2));
        }

        items[count++] = item;
    }

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
