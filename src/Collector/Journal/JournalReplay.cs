using Kpi.Collector.Admission;
using Kpi.Collector.Otlp;
using Kpi.Collector.Retries;
using Kpi.Rollups;
using Kpi.Rollups.Lanes;
using Kpi.Rollups.Time;

namespace Kpi.Collector.Journal;

/// <summary>
/// Takes the bodies of a journal as if they came again: the same decoders, their own receive time, the journal's order. What the
/// store has already is only remembered as taken.
/// </summary>
internal sealed class JournalReplay(Rollup rollup, IReadOnlyList<ISignalDecoder> decoders)
{
    // Bodies whose samples are on their way to the lanes while the next is decoded.
    private const int MostUnderWay = 8;

    private readonly SampleBatchPool batches = new();
    private readonly Queue<(SampleBatch Batch, Task Applied)> underWay = new();

    // One body at a time. It was acknowledged under the limits of its day: today's may be lower and must not lose it.
    private readonly BytesInFlight unbounded = new(long.MaxValue);
    private readonly long from = rollup.LastFlush.Position;

    /// <summary>Bodies counted again.</summary>
    public long Bodies { get; private set; }

    /// <summary>What they took in the journal.</summary>
    public long Bytes { get; private set; }

    /// <summary>Bodies that were taken once and are not understood now: of a later version, or of a signal that is gone.</summary>
    public long NotUnderstood { get; private set; }

    public void Apply(in JournalRecord record, RetryWindow retries)
    {
        retries.Take(record.Entry.Digest, record.Answer.ToArray());
        if (record.End <= from)
        {
            return;
        }

        WaitForRoom();
        rollup.Coverage.WasUp(new UnixNanos(record.Entry.Received));
        var signal = record.Entry.Signal;
        var decoder = decoders.FirstOrDefault(d => d.Signal.Number == signal);
        var batch = batches.Rent();
        batch.ReceivedAt = 0;
        using var body = new BodyUnpacking(unbounded, CollectorOptions.MostRequestBytes);
        if (decoder is null || body.Run(record.Body, (BodyEncoding)record.Entry.Encoding, decoder.Signal) is not null
            || !decoder.TryDecode(body.Message.Span, new UnixNanos(record.Entry.Received), batch, out _))
        {
            NotUnderstood++;
            batches.Return(batch);
            rollup.Lanes.Pass(record.End);
            return;
        }

        Bodies++;
        Bytes += record.End - record.Position;
        if (batch.IsEmpty)
        {
            batches.Return(batch);
            rollup.Lanes.Pass(record.End);
            return;
        }

        rollup.Lanes.Post(batch, record.End);
        underWay.Enqueue((batch, batch.Applied.AsTask()));
    }

    /// <summary>Returns when the lanes have applied everything.</summary>
    public void Complete()
    {
        while (underWay.Count > 0)
        {
            ReturnOldest();
        }
    }

    private void WaitForRoom()
    {
        if (underWay.Count >= MostUnderWay)
        {
            ReturnOldest();
        }

        // A long journal holds more than the memory for uncommitted cells: what is counted so far goes to the store.
        if (!rollup.Lanes.HasRoom)
        {
            Complete();
            rollup.Flusher.FlushAsync(CancellationToken.None).GetAwaiter().GetResult();
        }
    }

    private void ReturnOldest()
    {
        var (batch, applied) = underWay.Dequeue();
        applied.GetAwaiter().GetResult();
        batches.Return(batch);
    }
}
