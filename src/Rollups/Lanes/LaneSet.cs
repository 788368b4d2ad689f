using Kpi.Rollups.Coverage;
using Kpi.Rollups.Identity;
using Kpi.Rollups.Intake;
using Kpi.Rollups.Reading;
using Kpi.Rollups.Time;

namespace Kpi.Rollups.Lanes;

/// <summary>
/// The lanes of a process. Every message reaches all lanes in the same order, so a drain is a cut: each batch lies wholly
/// before it or wholly after it.
/// </summary>
public sealed class LaneSet : IDisposable
{
    private readonly Lock order = new();
    private readonly Lane[] lanes;
    private readonly RollupLimits limits;
    private readonly CoverageBook? coverage;
    private long posted;
    private long position;
    private long oldestReceipt;

    /// <summary>Starts the lanes.</summary>
    /// <param name="catalog">The series behind the slots.</param>
    /// <param name="limits">Bounds of queues and memory.</param>
    /// <param name="count">Lanes; one for two cores, as decoding takes the other.</param>
    /// <param name="intake">Where the lanes count what they find out about points.</param>
    /// <param name="position">Place in the journal up to which all is in the store.</param>
    /// <param name="coverage">Where it is noted who was heard; null when nobody asks.</param>
    public LaneSet(
        SeriesCatalog catalog, RollupLimits limits, int count, IntakeTally intake, long position = 0, CoverageBook? coverage = null)
    {
        this.coverage = coverage;
        this.limits = limits;
        this.position = position;
        lanes = [.. Enumerable.Range(0, count).Select(i => new Lane(new LaneCells(catalog, i, count, intake), i))];
    }

    /// <summary>Batches posted so far; when it has not moved, nothing has changed.</summary>
    public long Posted => Volatile.Read(ref posted);

    /// <summary>Memory of cells not yet committed, in bytes.</summary>
    public long UncommittedBytes => lanes.Sum(l => l.UncommittedBytes);

    /// <summary>
    /// Whether queues and the memory for uncommitted cells take another batch; if not, the sender should try again. Asked before a
    /// body goes into the journal: what is there must be counted, so the lanes take it in any case. What is under way by then is
    /// bounded by the budget of bytes in flight.
    /// </summary>
    public bool HasRoom
    {
        get
        {
            foreach (var lane in lanes)
            {
                if (lane.Queued >= limits.QueuedBatchesPerLane || lane.UncommittedBytes >= limits.UncommittedBytes / lanes.Length)
                {
                    return false;
                }
            }

            return true;
        }
    }

    /// <summary>
    /// Queues a batch for all lanes. The caller awaits <see cref="SampleBatch.Applied"/> before it touches the batch again.
    /// </summary>
    /// <param name="end">Place in the journal behind the batch's body; bodies are posted in the order of their places.</param>
    public void Post(SampleBatch batch, long end)
    {
        lock (order)
        {
            position = end;
            Post_NeedsLock(batch);
        }
    }

    /// <summary>Queues a batch that no journal holds, or says false when there is no room for it.</summary>
    public bool TryPost(SampleBatch batch)
    {
        lock (order)
        {
            if (!HasRoom)
            {
                return false;
            }

            Post_NeedsLock(batch);
            return true;
        }
    }

    /// <summary>A body of the journal that brings nothing for the lanes.</summary>
    public void Pass(long end)
    {
        lock (order)
        {
            position = end;
        }
    }

    /// <summary>
    /// When the oldest batch was received that was posted since the last call; 0 without any. What is read after the call
    /// includes that batch.
    /// </summary>
    public long TakeOldestReceipt()
    {
        lock (order)
        {
            var oldest = oldestReceipt;
            oldestReceipt = 0;
            return oldest;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var lane in lanes)
        {
            lane.Dispose();
        }
    }

    /// <summary>Drains every lane at one cut.</summary>
    /// <returns>
    /// The cells, the place in the journal up to which all is in them or was drained before, and who was heard up to the same place.
    /// </returns>
    internal async Task<(IReadOnlyList<DrainedCells> Cells, long Position, CoverageIncrement Coverage)> DrainAsync(long flush)
    {
        var requests = new LaneCall<DrainedCells>[lanes.Length];
        long cut;
        CoverageIncrement watched;
        lock (order)
        {
            cut = position;
            watched = coverage?.Take() ?? CoverageIncrement.None;
            for (var i = 0; i < lanes.Length; i++)
            {
                requests[i] = new LaneCall<DrainedCells>(cells => cells.Drain(flush));
                lanes[i].Enqueue(requests[i]);
            }
        }

        return (await Task.WhenAll(requests.Select(r => r.Result)).ConfigureAwait(false), cut, watched);
    }

    /// <summary>Tells every lane that flushes up to this one are committed.</summary>
    internal void Discard(long flush)
    {
        lock (order)
        {
            Enqueue_NeedsLock(new LaneCall<bool>(cells =>
            {
                cells.Discard(flush);
                return true;
            }));
        }
    }

    /// <summary>Shows the uncommitted cells, lane after lane, so that a visitor is never called twice at once.</summary>
    internal async Task VisitAsync(SliceRange range, long committed, ICellVisitor visitor)
    {
        foreach (var lane in lanes)
        {
            var call = new LaneCall<bool>(cells =>
            {
                cells.Visit(range, committed, visitor);
                return true;
            });
            lane.Enqueue(call);
            await call.Result.ConfigureAwait(false);
        }
    }

    private void Post_NeedsLock(SampleBatch batch)
    {
        batch.Expect(lanes.Length);
        posted++;
        coverage?.Hear(batch.Heard);
        oldestReceipt = oldestReceipt == 0 ? batch.ReceivedAt : Math.Min(oldestReceipt, batch.ReceivedAt);
        Enqueue_NeedsLock(batch);
    }

    private void Enqueue_NeedsLock(ILaneMessage message)
    {
        foreach (var lane in lanes)
        {
            lane.Enqueue(message);
        }
    }
}
