using System.Collections.Frozen;
using Kpi.PromQl;
using Kpi.Rollups;
using Kpi.Rollups.Store;
using Kpi.Rollups.Time;
using Kpi.SloEngine.Definitions;
using Kpi.SloEngine.Evaluation;
using Kpi.SloEngine.Live;
using Kpi.SloEngine.Queries;
using Kpi.SloEngine.Status;
using Microsoft.Extensions.Logging;

namespace Kpi.SloEngine;

/// <summary>Turns counted time into status: on demand, and live for those who watch the board.</summary>
public sealed class StatusEngine : IAsyncDisposable
{
    /// <summary>Series that one query may return.</summary>
    public const int MostSeries = 50_000;

    // Windows that nobody follows live are read afresh for each request; so many at a time, the others wait.
    private const int MostOnDemand = 2;

    private readonly Rollup rollup;
    private readonly StatusContext context;
    private readonly IngestEvaluation ingest;
    private readonly TimeProvider clock;
    private readonly FrozenDictionary<StatusWindow, WindowEvaluator> live;
    private readonly LiveLoop loop;
    private readonly SemaphoreSlim onDemand = new(MostOnDemand, MostOnDemand);
    private readonly CancellationTokenSource stopping = new();
    private Task? running;

    /// <summary>Takes the definitions into force; evaluation starts when asked.</summary>
    public StatusEngine(
        Rollup rollup, DefinitionsWatch watch, IngestEndpoints endpoints, string build, TimeProvider clock, ILoggerFactory logs)
    {
        this.rollup = rollup;
        this.clock = clock;
        context = new StatusContext(watch, rollup, endpoints, build, logs.CreateLogger<StatusContext>());
        ingest = new IngestEvaluation(rollup, endpoints, clock);
        live = StatusWindow.Live.ToFrozenDictionary(w => w, w => new WindowEvaluator(w, rollup, context, clock));
        loop = new LiveLoop(this, rollup, context, clock, logs.CreateLogger<LiveLoop>());
    }

    /// <summary>Newest statuses of the live windows.</summary>
    public StatusBoard Board { get; } = new();

    /// <summary>Starts to publish watched windows and to follow the definition files.</summary>
    public void StartPublishing() => running = Task.Run(() => loop.RunAsync(stopping.Token));

    /// <summary>The status of a window now, with all that was acknowledged before the call.</summary>
    public async Task<WindowStatus> EvaluateAsync(StatusWindow window, CancellationToken cancellation)
    {
        if (live.TryGetValue(window, out var evaluator))
        {
            return await evaluator.EvaluateAsync(cancellation).ConfigureAwait(false);
        }

        await onDemand.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            using var once = new WindowEvaluator(window, rollup, context, clock);
            return await once.EvaluateAsync(cancellation).ConfigureAwait(false);
        }
        finally
        {
            onDemand.Release();
        }
    }

    /// <summary>The status of a live window now, published: where a page begins that follows the board.</summary>
    public async Task<WindowStatus> PublishAsync(StatusWindow window, CancellationToken cancellation) =>
        Board.Publish(window, await EvaluateAsync(window, cancellation).ConfigureAwait(false));

    /// <summary>Who sends what now, and what of it is not taken. The series of metrics are counted anew every few seconds at most.</summary>
    public IngestReport ReadIngest() => ingest.Read();

    /// <summary>The selected series over a window; null when there are more than <see cref="MostSeries"/>.</summary>
    public async Task<IReadOnlyList<SeriesStatus>?> ReadSeriesAsync(
        VectorSelector selector, StatusWindow window, CancellationToken cancellation)
    {
        var totals = new SeriesTotals(selector, MostSeries);
        var query = new CellQuery(window.At(UnixNanos.Now(clock)).Range, TimeTier.Days);
        await rollup.Reader.ReadAsync(query, totals, totals, cancellation).ConfigureAwait(false);
        return totals.TooMany ? null : totals.ToStatus(rollup.Coverage.Over(query.Range));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync().ConfigureAwait(false);
        if (running is not null)
        {
            await running.ConfigureAwait(false);
        }

        // Evaluators and semaphores stay: requests under way may still use them, and they hold nothing but memory.
        stopping.Dispose();
    }
}
