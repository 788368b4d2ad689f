using Kpi.Rollups.Cells;
using Kpi.Rollups.Identity;
using Kpi.Rollups.Reading;
using Kpi.Rollups.Store;
using Kpi.Rollups.Time;

namespace Kpi.Rollups.Counters;

/// <summary>
/// Where each counter's running total stood at the last flush, read from its newest cell: a cell keeps the last total and its time,
/// so what a counter's lane remembers is committed with the increases that were made of it. Not in a cell are the sender's start
/// time, further senders of the same series, and digits of totals over 2⁵³.
/// </summary>
internal sealed class RestoredTotals : ICellVisitor
{
    /// <summary>A counter that was silent for longer begins anew, as a retired source does.</summary>
    public static readonly TimeSpan Reach = TimeSpan.FromHours(1);

    // Bounded by the series of that hour.
    private readonly Dictionary<Series, Newest> newest = [];

    public bool Wants(Series series) => series.Kind == SeriesKind.Counter;

    public void Visit(Series series, SliceRange span, DistributionCell cell)
    {
    }

    public void Visit(Series series, SliceRange span, CounterCell cell)
    {
        if (cell.Samples > 0)
        {
            newest[series] = newest.GetValueOrDefault(series).With(span.First, cell);
        }
    }

    /// <summary>Reads the store's last hour and gives every counter of it its total back, as far as the catalogue has room.</summary>
    public static async Task ApplyAsync(IRollupSnapshot snapshot, SeriesCatalog catalog, UnixNanos now, CancellationToken cancellation)
    {
        var totals = new RestoredTotals();
        var range = new SliceRange(Slice.Of(new UnixNanos(now.Value - (long)Reach.TotalNanoseconds)), Slice.Of(new UnixNanos(now.Value + (long)Reach.TotalNanoseconds)));
        await snapshot.ReadAsync(new CellQuery(range, TimeTier.Slices), totals, cancellation).ConfigureAwait(false);
        foreach (var (series, cells) in totals.newest)
        {
            if (cells.Total is { } known && catalog.GetOrAddWithinCap(series.Kind, series.Unit, series.Labels) is { IsOverflow: false } active)
            {
                active.Counter ??= CounterState.At(known.Time, FixedSum.From(known.Raw));
            }
        }
    }

    /// <summary>The two newest slices of a counter.</summary>
    private readonly record struct Newest(Slice LastSlice, CounterCell Last, Slice BeforeSlice, CounterCell Before)
    {
        /// <summary>The newest total; null when the newest sample had none and what stood before it is not kept.</summary>
        public (long Time, double Raw)? Total =>
            !double.IsNaN(Last.LastRaw) ? At(LastSlice, Last)
            : Last is { Stale: true, Samples: 1 } && Before.Samples > 0 && !double.IsNaN(Before.LastRaw) ? At(BeforeSlice, Before)
            : null;

        public Newest With(Slice slice, CounterCell cell) =>
            Last.Samples == 0 ? new Newest(slice, cell, default, default)
            : slice.Number == LastSlice.Number ? this with { Last = Last + cell }
            : slice.Number > LastSlice.Number ? new Newest(slice, cell, LastSlice, Last)
            : Before.Samples == 0 || slice.Number > BeforeSlice.Number ? this with { BeforeSlice = slice, Before = cell }
            : slice.Number == BeforeSlice.Number ? this with { Before = Before + cell }
            : this;

        private static (long Time, double Raw) At(Slice slice, CounterCell cell) => (slice.Plus(-1).End.Value + cell.LastOffset, cell.LastRaw);
    }
}
