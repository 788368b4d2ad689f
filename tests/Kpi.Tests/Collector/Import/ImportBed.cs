using Kpi.Collector;
using Kpi.Collector.Import;
using Kpi.Rollups.Identity;
using Kpi.Rollups.Intake;
using Kpi.Rollups.Store;
using Kpi.Rollups.Time;
using Kpi.Testing;
using Kpi.Tests.Rollups.Reading;
using Kpi.Tests.Rollups.Store;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kpi.Tests.Collector.Import;

/// <summary>Imports into a store that stays over several runs, each of which may die after some commits.</summary>
internal sealed class ImportBed(ImportFolder folder)
{
    public MemoryRollupStore.Contents Contents { get; } = new();

    public FakeClock Clock { get; } = new(TestSpans.Receipt.ToDateTimeOffset());

    public RollupLimits Limits { get; init; } = new();

    /// <summary>Commits of the last run.</summary>
    public int Commits { get; private set; }

    /// <param name="files">The file set.</param>
    /// <param name="dieAfter">Commits after which the process is gone, as by <c>kill -9</c>.</param>
    /// <param name="seen">Whether the last of these commits reached the store.</param>
    /// <param name="uncommitted">Memory of cells; a run flushes at half of it.</param>
    public async Task<ImportSummary> RunAsync(
        IReadOnlyList<ImportFile> files, int dieAfter = int.MaxValue, bool seen = true, long uncommitted = 600_000)
    {
        var store = new DyingStore(new MemoryRollupStore(Contents, Limits), dieAfter, seen);
        var limits = new RollupLimits { UncommittedBytes = uncommitted, Retention = Limits.Retention };
        try
        {
            return await new TelemetryImport(folder.Records, new CollectorOptions(), limits, Clock)
                .RunAsync(files, store, _ => { }, NullLoggerFactory.Instance, CancellationToken.None);
        }
        finally
        {
            Commits = store.Commits;
        }
    }

    public ImportFile File(string name, TelemetrySignal signal, params IEnumerable<byte[]> bodies) =>
        new(folder.Write(name, ImportFolder.Delimited(bodies)), signal);

    /// <summary>All that is in the store.</summary>
    public async Task<CellTotals> ReadAsync()
    {
        await using var snapshot = await new MemoryRollupStore(Contents).OpenSnapshotAsync(CancellationToken.None);
        var totals = new CellTotals();
        await snapshot.ReadAsync(new CellQuery(new SliceRange(new Slice(0), new Slice(int.MaxValue)), TimeTier.Slices), totals, CancellationToken.None);
        return totals;
    }

    private sealed class DyingStore(MemoryRollupStore inner, int dieAfter, bool seen) : IRollupStore
    {
        public int Commits { get; private set; }

        public StoreFigures Figures => inner.Figures;

        public async ValueTask<CommitOutcome> CommitAsync(FlushCommit commit, CancellationToken cancellation)
        {
            if (Commits == dieAfter)
            {
                throw new IOException("gone");
            }

            Commits++;
            if (Commits == dieAfter && !seen)
            {
                throw new IOException("gone");
            }

            return await inner.CommitAsync(commit, cancellation);
        }

        public ValueTask<IRollupSnapshot> OpenSnapshotAsync(CancellationToken cancellation) => inner.OpenSnapshotAsync(cancellation);

        public ValueTask<bool> MaintainAsync(Slice now, CancellationToken cancellation) => inner.MaintainAsync(now, cancellation);

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
