using Kpi.Rollups.Flush;
using Kpi.Rollups.Identity;
using Kpi.Rollups.Intake;
using Kpi.Rollups.Lanes;
using Kpi.Rollups.Reading;
using Kpi.Rollups.Store;
using Kpi.Rollups.Time;
using Kpi.Tests.Rollups.Reading;
using Kpi.Tests.Rollups.Store;

namespace Kpi.Tests.Rollups.Flush;

/// <summary>Lanes, flusher and reader over a store that can fail.</summary>
internal sealed class FlushRig : IAsyncDisposable
{
    public static readonly SliceRange All = new(new Slice(0), new Slice(int.MaxValue));

    private readonly ReadGate reads = new();

    public FlushRig(IRollupStore? store = null, int lanes = 2, int series = 3, Guid? writer = null, FlushMark last = default)
    {
        Store = new FailingStore(store ?? new MemoryRollupStore(new MemoryRollupStore.Contents()));
        Catalog = new SeriesCatalog(new RollupLimits());
        Lanes = new LaneSet(Catalog, new RollupLimits { QueuedBatchesPerLane = 65_536 }, lanes, new IntakeTally());
        var id = writer ?? Guid.NewGuid();
        Flusher = new Flusher(Lanes, Store, reads, Catalog, id, last, TimeProvider.System);
        Reader = new RollupReader(Lanes, Store, reads, Flusher.Times, id);
        for (var i = 0; i < series; i++)
        {
            Catalog.GetOrAdd(SeriesKind.Distribution, "s", Labels.Of(("s", $"{i}")), out _);
        }
    }

    public FailingStore Store { get; }

    public SeriesCatalog Catalog { get; }

    public LaneSet Lanes { get; }

    public Flusher Flusher { get; }

    public RollupReader Reader { get; }

    /// <summary>Posts one observation and one increase for every series, and waits until they are applied.</summary>
    public async Task PostAsync(int slice = 1)
    {
        var batch = new SampleBatch();
        for (var slot = 0; slot < Catalog.Count; slot++)
        {
            batch.Add(new DurationSample(1_000_000, slot, slice, DurationSample.One));
            batch.Add(CounterSample.Increase(slot, default, new Slice(slice).End, 1));
        }

        Assert.True(Lanes.TryPost(batch));
        await batch.Applied;
    }

    public async Task<CellTotals> ReadAsync()
    {
        var totals = new CellTotals();
        await Reader.ReadAsync(All, totals, totals, CancellationToken.None);
        return totals;
    }

    /// <summary>Asserts that a read sees every series counted this often, in both kinds of cell.</summary>
    public async Task SeesAsync(long times)
    {
        var totals = await ReadAsync();
        Assert.Equal(Catalog.Count, totals.Series.Count);
        Assert.All(totals.Series.Keys, s => Assert.Equal(times, CountOf(totals, s)));
    }

    /// <summary>What a series was counted, when both kinds of cell agree; −1 when they do not.</summary>
    public static long CountOf(CellTotals totals, string series)
    {
        var observed = totals.Distributions.Where(d => d.Key.Series == series).Sum(d => d.Value.Count);
        var increased = totals.Counters.Where(c => c.Key.Series == series).Sum(c => (long)c.Value.Increase.ToDouble());
        return observed == increased ? observed : -1;
    }

    public async ValueTask DisposeAsync()
    {
        Flusher.Dispose();
        Lanes.Dispose();
        await Store.DisposeAsync();
    }
}
