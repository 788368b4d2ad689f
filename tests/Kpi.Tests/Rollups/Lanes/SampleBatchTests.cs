using Kpi.Rollups.Lanes;
using Kpi.Rollups.Time;

namespace Kpi.Tests.Rollups.Lanes;

public sealed class SampleBatchTests
{
    [Fact]
    public void A_batch_keeps_the_order_while_it_grows_and_nothing_when_it_is_cleared()
    {
        var batch = new SampleBatch();
        for (var i = 0; i < 5_000; i++)
        {
            batch.Add(new DurationSample(i, i, i, DurationSample.One));
            batch.Add(CounterSample.Increase(i, default, new UnixNanos(i), i));
        }

        Assert.Equal(Enumerable.Range(0, 5_000), batch.Durations.ToArray().Select(d => d.Slot));
        Assert.Equal(Enumerable.Range(0, 5_000), batch.Counters.ToArray().Select(d => d.Slot));
        batch.Clear();
        Assert.True(batch.Durations.IsEmpty && batch.Counters.IsEmpty);
    }

    [Fact]
    public void Huge_batches_are_not_kept_and_no_more_than_64_of_the_others()
    {
        var pool = new SampleBatchPool();
        var huge = new SampleBatch();
        for (var i = 0; i <= SampleBatch.KeptSamples; i++)
        {
            huge.Add(new DurationSample(1, 1, 1, 1));
        }

        pool.Return(huge);
        Assert.NotSame(huge, pool.Rent());
        SampleBatch[] batches = [.. Enumerable.Range(0, 100).Select(_ => new SampleBatch())];
        Array.ForEach(batches, pool.Return);
        var rented = Enumerable.Range(0, 100).Select(_ => pool.Rent()).ToHashSet();
        Assert.Equal(SampleBatchPool.MostIdle, batches.Count(rented.Contains));
    }
}
