using System.Collections.Concurrent;

namespace Kpi.Rollups.Lanes;

/// <summary>Batches for reuse; holds at most <see cref="MostIdle"/>, the rest is left to the garbage collector.</summary>
public sealed class SampleBatchPool
{
    /// <summary>Idle batches kept.</summary>
    public const int MostIdle = 64;

    private readonly ConcurrentQueue<SampleBatch> idle = new();

    /// <summary>An empty batch.</summary>
    public SampleBatch Rent() => idle.TryDequeue(out var batch) ? batch : new SampleBatch();

    /// <summary>Takes a batch back that no lane holds any more.</summary>
    public void Return(SampleBatch batch)
    {
        batch.Clear();
        if (batch.IsWorthKeeping && idle.Count < MostIdle)
        {
            idle.Enqueue(batch);
        }
    }
}
