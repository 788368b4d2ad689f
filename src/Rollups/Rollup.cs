using Kpi.Rollups.Counters;
using Kpi.Rollups.Coverage;
using Kpi.Rollups.Flush;
using Kpi.Rollups.Identity;
using Kpi.Rollups.Intake;
using Kpi.Rollups.Lanes;
using Kpi.Rollups.Reading;
using Kpi.Rollups.Store;
using Kpi.Rollups.Time;
using Microsoft.Extensions.Logging;

namespace Kpi.Rollups;

/// <summary>
/// Counted time, put together: catalogue, lanes, flusher, store and reader of one data folder. Start reads the store's last
/// flush; stop flushes what the lanes hold.
/// </summary>
public sealed class Rollup : IAsyncDisposable
{
    private readonly IRollupStore store;
    private readonly RollupMetrics metrics;
    private readonly FlushLoop loop;
    private readonly UpkeepLoop upkeep;
    private readonly CancellationTokenSource stopping = new();
    private Task? running;

    private Rollup(
        IRollupStore store, RollupLimits limits, Guid writer, FlushMark last, CoverageIncrement watched, TimeProvider clock, ILoggerFactory logs)
    {
        this.store = store;
        Limits = limits;
        Catalog = new SeriesCatalog(limits);
        Senders = new SenderBook(UnixNanos.Now(clock).Value);
        Coverage = new CoverageBook(limits, watched, clock);
        Lanes = new LaneSet(Catalog, limits, Math.Max(1, Environment.ProcessorCount / 2), Intake, last.Position, Coverage);
        LastFlush = last;
        var reads = new ReadGate();
        Flusher = new Flusher(Lanes, store, reads, Catalog, writer, last, clock);
        Reader = new RollupReader(Lanes, store, reads, Flusher.Times, writer);
        metrics = new RollupMetrics(Catalog, Lanes, Coverage, store);
        loop = new FlushLoop(Flusher, metrics, clock, logs.CreateLogger<FlushLoop>());
        upkeep = new UpkeepLoop(store, metrics, clock, logs.CreateLogger<UpkeepLoop>());
    }

    /// <summary>Bounds in force.</summary>
    public RollupLimits Limits { get; }

    /// <summary>The last flush that an earlier life of this data folder committed: where its journal is to be read from.</summary>
    public FlushMark LastFlush { get; }

    /// <summary>Series being written.</summary>
    public SeriesCatalog Catalog { get; }

    /// <summary>The way in.</summary>
    public LaneSet Lanes { get; }

    /// <summary>The way to the store.</summary>
    public Flusher Flusher { get; }

    /// <summary>The way out.</summary>
    public RollupReader Reader { get; }

    /// <summary>Which slices were watched.</summary>
    public CoverageBook Coverage { get; }

    /// <summary>What came in and what was refused.</summary>
    public IntakeTally Intake { get; } = new();

    /// <summary>The same by who sent it.</summary>
    public SenderBook Senders { get; }

    /// <summary>How full the journal in front is.</summary>
    public JournalGauge Journal { get; } = new();

    /// <summary>Takes the store over; it is disposed with the rollup.</summary>
    public static async Task<Rollup> OpenAsync(
        IRollupStore store, RollupLimits limits, Guid writer, TimeProvider clock, ILoggerFactory logs, CancellationToken cancellation)
    {
        await using var snapshot = await store.OpenSnapshotAsync(cancellation).ConfigureAwait(false);
        var last = await snapshot.LastFlushAsync(writer, cancellation).ConfigureAwait(false);
        var watched = await snapshot.CoverageAsync(writer, cancellation).ConfigureAwait(false);
        return new Rollup(store, limits, writer, last, watched, clock, logs);
    }

    /// <summary>
    /// Lets counters and histograms go on from where the last hour that an earlier life listened in left them, however long ago that is:
    /// its journal may hold more of their running totals. For who goes on with the same senders, before the first point and before the
    /// replay; an import has series of its own.
    /// </summary>
    public async Task RestoreTotalsAsync(UnixNanos now, CancellationToken cancellation)
    {
        await using var snapshot = await store.OpenSnapshotAsync(cancellation).ConfigureAwait(false);
        await RestoredTotals.ApplyAsync(snapshot, Catalog, Coverage.LastUp?.End, now, cancellation).ConfigureAwait(false);
    }

    /// <summary>Counts a refused request; one that was sound, and for which there was no room, leaves a gap in what we know.</summary>
    public void Refuse(RejectReason reason)
    {
        Intake.Refuse(reason);
        if (reason is RejectReason.Overloaded or RejectReason.NotDurable)
        {
            Coverage.Miss();
        }
    }

    /// <summary>Starts to flush at every slice edge, and to keep the store in order.</summary>
    public void StartFlushing() => running = Task.WhenAll(
        Task.Run(() => loop.RunAsync(stopping.Token)), Task.Run(() => upkeep.RunAsync(stopping.Token)));

    /// <summary>Stops the loop, flushes a last time, closes lanes and store.</summary>
    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync().ConfigureAwait(false);
        if (running is not null)
        {
            await running.ConfigureAwait(false);
        }

        await loop.FlushOnceAsync().ConfigureAwait(false);
        Flusher.Dispose();
        Lanes.Dispose();
        metrics.Dispose();
        stopping.Dispose();
        await store.DisposeAsync().ConfigureAwait(false);
    }
}
