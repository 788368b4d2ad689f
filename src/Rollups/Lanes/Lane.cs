namespace Kpi.Rollups.Lanes;

/// <summary>
/// A queue with one writer behind it: a thread that takes messages in order and applies them to its cells. The queue holds at
/// most the batches that <see cref="LaneSet"/> lets in, and a handful of drains and visits.
/// </summary>
internal sealed class Lane : IDisposable
{
    private readonly object gate = new();
    private readonly Queue<ILaneMessage> queue = new();
    private readonly LaneCells cells;
    private readonly Thread thread;
    private bool stopping;

    public Lane(LaneCells cells, int number)
    {
        this.cells = cells;
        thread = new Thread(Run) { IsBackground = true, Name = $"lane {number}" };
        thread.Start();
    }

    public long UncommittedBytes => cells.UncommittedBytes;

    public int Queued
    {
        get
        {
            lock (gate)
            {
                return queue.Count;
            }
        }
    }

    public void Enqueue(ILaneMessage message)
    {
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(stopping, this);
            queue.Enqueue(message);
            if (queue.Count == 1)
            {
                Monitor.Pulse(gate);
            }
        }
    }

    /// <summary>Finishes what is queued, then ends the thread.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            stopping = true;
            Monitor.Pulse(gate);
        }

        thread.Join();
    }

    private void Run()
    {
        while (Take() is { } message)
        {
            message.RunOn(cells);
        }
    }

    private ILaneMessage? Take()
    {
        lock (gate)
        {
            while (queue.Count == 0)
            {
                if (stopping)
                {
                    return null;
                }

                Monitor.Wait(gate);
            }

            return queue.Dequeue();
        }
    }
}
