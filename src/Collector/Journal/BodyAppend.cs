using Kpi.Collector.Retries;
using Kpi.Rollups.Lanes;

namespace Kpi.Collector.Journal;

/// <summary>
/// A decoded body on its way into the journal. When it is durable its samples go to the lanes, in the journal's order, and it is
/// known as taken; only then its sender is answered.
/// </summary>
internal sealed class BodyAppend(LaneSet lanes, SampleBatch batch, RetryWindow retries) : JournalAppend
{
    // The request goes on elsewhere than on the journal's thread.
    private readonly TaskCompletionSource<bool> kept = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<bool> Kept => kept.Task;

    public override void Durable(long end)
    {
        if (batch.IsEmpty)
        {
            lanes.Pass(end);
        }
        else
        {
            lanes.Post(batch, end);
        }

        Acknowledge();
        kept.SetResult(true);
    }

    public override void Refused() => kept.SetResult(false);

    /// <summary>Without a journal: whether the lanes took the samples.</summary>
    public bool TryPost(LaneSet to) => batch.IsEmpty || to.TryPost(batch);

    /// <summary>From now on the body is known as taken.</summary>
    public void Acknowledge() => retries.Take(Entry.Digest, Answer.ToArray());
}
