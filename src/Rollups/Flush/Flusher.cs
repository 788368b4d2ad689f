using Kpi.Rollups.Lanes;
using Kpi.Rollups.Store;
using Kpi.Rollups.Time;

namespace Kpi.Rollups.Flush;

/// <summary>
/// Moves cells from the lanes to the store: a barrier through all lanes, one commit, then the lanes forget. A commit that fails
/// is tried again whole, under its number, before the next drain, so nothing is lost or counted twice. One flush at a time.
/// </summary>
public sealed class Flusher : IDisposable
{
    private readonly LaneSet lanes;
    private readonly IRollupStore store;
    private readonly ReadGate reads;
    private readonly Identity.SeriesCatalog catalog;
    private readonly TimeProvider clock;
    private readonly SemaphoreSlim one = new(1, 1);

    // Of one flush after the other: as garbage so large an array would stay for minutes.
    private readonly List<CounterIncrement> counters = [];
    private long committed;
    private FlushCommit? pending;
    private bool mayBeCommitted;

    internal Flusher(LaneSet lanes, IRollupStore store, ReadGate reads, Identity.SeriesCatalog catalog, Guid writer, FlushMark last, TimeProvider clock)
    {
        this.lanes = lanes;
        this.store = store;
        this.reads = reads;
        this.catalog = catalog;
        this.clock = clock;
        Writer = writer;
        catalog.Retire(Now);
        committed = last.Number;
    }

    /// <summary>The id under which this data folder flushes.</summary>
    public Guid Writer { get; }

    /// <summary>Number of the last committed flush.</summary>
    public long Committed => Volatile.Read(ref committed);

    /// <summary>A flush is in the store, durably; the journal needs nothing before its position. Called on the flush's thread.</summary>
    public event Action<FlushMark>? Flushed;

    /// <summary>What the last flushes added to.</summary>
    internal FlushedTimes Times { get; } = new();

    private TimeSpan Now => clock.GetElapsedTime(startingTimestamp: 0);

    /// <summary>Drains and commits. When an earlier commit still fails, its exception comes again and nothing is drained.</summary>
    public async Task FlushAsync(CancellationToken cancellation)
    {
        await one.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            if (pending is { } left)
            {
                await CommitAsync(left, cancellation).ConfigureAwait(false);
            }

            var number = committed + 1;
            var (drained, position, coverage) = await lanes.DrainAsync(number).ConfigureAwait(false);
            pending = CommitOf(new FlushMark(number, position), drained) with { Coverage = coverage };
            await CommitAsync(pending, cancellation).ConfigureAwait(false);
        }
        finally
        {
            one.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => one.Dispose();

    private async Task CommitAsync(FlushCommit commit, CancellationToken cancellation)
    {
        try
        {
            var outcome = await store.CommitAsync(commit, cancellation).ConfigureAwait(false);
            if (outcome == CommitOutcome.AlreadyCommitted && !mayBeCommitted)
            {
                throw new InvalidDataException($"flush {commit.Mark.Number} is in the store, but this process has not sent it: somebody else writes as {Writer}");
            }
        }
        catch (Exception failure) when (failure is not InvalidDataException)
        {
            // The store failed before or after it was done; then "already committed" is a fine answer to the next try.
            mayBeCommitted = true;
            throw;
        }

        pending = null;
        mayBeCommitted = false;
        var number = commit.Mark.Number;
        Volatile.Write(ref committed, number);
        reads.AfterCurrentReads(() => lanes.Discard(number));
        catalog.Retire(Now);
        Flushed?.Invoke(commit.Mark);
    }

    private FlushCommit CommitOf(FlushMark mark, IReadOnlyList<DrainedCells> drained)
    {
        foreach (var place in drained.SelectMany(d => d.Places))
        {
            catalog[place.Slot].LastSampled = Now;
        }

        Times.Note(mark.Number, drained.SelectMany(d => d.Places).Select(p => new Slice(p.Slice)));
        var distributions = drained.SelectMany(d => d.Distributions)
            .Select(c => new DistributionIncrement(c.Series.Identity, new Slice(c.Slice), c.Cell));
        // Nobody holds the last flush any more: it is committed.
        counters.Clear();
        counters.EnsureCapacity(drained.Sum(d => d.Counters.Count));
        foreach (var (key, cell) in drained.SelectMany(d => d.Counters))
        {
            counters.Add(new CounterIncrement(catalog[key.Slot].Identity, new Slice(key.Slice), cell));
        }

        var gauges = drained.SelectMany(d => d.Gauges)
            .Select(g => new GaugeIncrement(catalog[g.Key.Slot].Identity, new Slice(g.Key.Slice), g.Value));
        var histograms = drained.SelectMany(d => d.Histograms)
            .Select(h => new HistogramIncrement(catalog[h.Key.Slot].Identity, new Slice(h.Key.Slice), h.Value));
        return new FlushCommit(Writer, mark, [.. distributions], counters) { Gauges = [.. gauges], Histograms = [.. histograms] };
    }
}
