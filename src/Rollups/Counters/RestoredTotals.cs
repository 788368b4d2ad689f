using Kpi.Rollups.Cells;
using Kpi.Rollups.Identity;
using Kpi.Rollups.Reading;
using Kpi.Rollups.Store;
using Kpi.Rollups.Time;

namespace Kpi.Rollups.Counters;

/// <summary>
/// Where each series' running totals stood at the last flush, read from its newest cell: a cell keeps the last totals and their time,
/// so what a lane remembers is committed with the increases that were made of it. Not in a cell are further senders of the same
/// series, and of a counter the sender's start time and digits of totals over 2⁵³.
/// </summary>
internal sealed class RestoredTotals : ICellVisitor
{
    /// <summary>A series that was silent for longer while somebody listened begins anew, as a retired source does.</summary>
    public static readonly TimeSpan Reach = TimeSpan.FromHours(1);

    // Bounded by the series of that hour.
    private readonly Dictionary<Series, Newest> newest = [];
    private readonly Dictionary<Series, (long Start, long Time, HistogramTotal Total)> histograms = [];

    public bool Wants(Series series) => series.Kind is SeriesKind.Counter or SeriesKind.Histogram;

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

    public void Visit(Series series, SliceRange span, HistogramCell cell)
    {
        var time = span.From.Value + cell.TotalsOffset;
        if (cell.HasTotals && (!histograms.TryGetValue(series, out var known) || known.Time < time))
        {
            var total = new HistogramTotal();
            total.Counts.Set(cell.Totals);
            histograms[series] = (cell.TotalsStart, time, total);
        }
    }

    /// <summary>Reads the last hour that somebody listened in and gives every series of it its totals back, as far as the catalogue has room.</summary>
    /// <param name="snapshot">What an earlier life left.</param>
    /// <param name="catalog">The series of this life.</param>
    /// <param name="lastUp">Until when the earlier life listened, as far as the store knows; null when it does not.</param>
    /// <param name="now">When this life begins.</param>
    /// <param name="cancellation">Gives the reading up.</param>
    public static async Task ApplyAsync(
        IRollupSnapshot snapshot, SeriesCatalog catalog, UnixNanos? lastUp, UnixNanos now, CancellationToken cancellation)
    {
        var totals = new RestoredTotals();
        var reach = (long)Reach.TotalNanoseconds;
        var listened = Math.Min(lastUp?.Value ?? now.Value, now.Value);
        var range = new SliceRange(Slice.Of(new UnixNanos(listened - reach)), Slice.Of(new UnixNanos(now.Value + reach)));
        await snapshot.ReadAsync(new CellQuery(range, TimeTier.Slices), totals, cancellation).ConfigureAwait(false);
        foreach (var (series, cells) in totals.newest)
        {
            if (cells.Total is { } known && catalog.GetOrAddWithinCap(series.Kind, series.Unit, series.Labels) is { IsOverflow: false } active)
            {
                active.Counter ??= CounterState.At(known.Time, FixedSum.From(known.Raw));
            }
        }

        foreach (var (series, (start, time, total)) in totals.histograms)
        {
            if (catalog.GetOrAddWithinCap(series.Kind, series.Unit, series.Labels) is { IsOverflow: false } active)
            {
                active.Histogram ??= HistogramState.At(start, time, total);
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
