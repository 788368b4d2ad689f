using Kpi.Rollups;
using Kpi.Rollups.Cells;
using Kpi.Rollups.Identity;
using Kpi.Rollups.Intake;
using Kpi.Rollups.Lanes;
using Kpi.Rollups.Store;
using Kpi.Rollups.Time;
using Kpi.Testing;
using Kpi.Tests.Rollups.Cells;
using Kpi.Tests.Rollups.Lanes;
using Kpi.Tests.Rollups.Reading;
using Kpi.Tests.Rollups.Store;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kpi.Tests.Rollups.Counters;

/// <summary>The process is killed behind a flush; the next life goes on with the senders where the store left them.</summary>
public sealed class RestoredTotalsTests : IDisposable
{
    private const int Hour = 3_600;

    private static readonly HistogramLayout Fine = HistogramLayout.Of(2, 0);
    private static readonly HistogramLayout Coarse = HistogramLayout.Of(1, 0);

    private readonly StoreFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_next_running_total_of_a_histogram_counts_the_difference_exactly(bool folded)
    {
        string copy;
        await using (var before = await OpenAsync(folder.File))
        {
            // To the end of an hour, which is one tile when it is folded; the points of a series come in two cuts.
            for (var time = 10; time <= Hour; time += 10)
            {
                await PostAsync(before, time, (0, Counted.Usual, [time, 7, 0]), time < Hour - 60 ? (1, Fine, [time, 1, 3]) : (1, Coarse, [time + 1, 3, 0]));
            }

            await before.Flusher.FlushAsync(CancellationToken.None);
            copy = folder.CopyAsAfterCrash("killed");
        }

        if (folded)
        {
            await using var store = SqliteRollupStore.Open(copy);
            while (await store.MaintainAsync(Slice.Of(At(Hour + 1_200)), CancellationToken.None))
            {
            }

            using var connection = folder.Connect(copy);
            using var tiles = connection.CreateCommand();
            tiles.CommandText = "SELECT count(*) FROM tile WHERE tier = 1 AND kind = 4";
            Assert.Equal(1L, tiles.ExecuteScalar());
        }

        await using var after = await OpenAsync(copy);
        await after.RestoreTotalsAsync(At(Hour + 1_200), CancellationToken.None);
        await PostAsync(after, Hour, (0, Counted.Usual, [Hour, 7, 0]));
        Assert.Equal(1, after.Intake[TelemetrySignal.Metrics, RejectReason.DuplicatePoint]);
        await PostAsync(after, Hour + 10, (0, Counted.Usual, [Hour + 4, 8, 1]), (1, Coarse, [Hour + 2, 3, 9]));
        var totals = new CellTotals();
        await after.Reader.ReadAsync(RollupStoreContract.All, totals, totals, CancellationToken.None);
        Assert.Equal([Hour + 4, 8, 1], Sum(totals, 0, Counted.Usual));
        Assert.Equal(Hour + 2 + 3 + 9, Sum(totals, 1, Coarse).Sum() + Sum(totals, 1, Fine).Sum());
        Assert.Equal(0, after.Intake[TelemetrySignal.Metrics, RejectReason.UnknownStart] + after.Intake[TelemetrySignal.Metrics, RejectReason.ResetWithoutStart]);
    }

    [Fact]
    public async Task A_histogram_that_was_silent_for_longer_than_an_hour_begins_anew()
    {
        await using (var before = await OpenAsync(folder.File))
        {
            await PostAsync(before, 10, (0, Counted.Usual, [5, 7, 0]));
        }

        await using var after = await OpenAsync(folder.File);
        await after.RestoreTotalsAsync(At((2 * Hour) + 30), CancellationToken.None);
        await PostAsync(after, (2 * Hour) + 30, (0, Counted.Usual, [6, 7, 0]));
        Assert.Equal(1, after.Intake[TelemetrySignal.Metrics, RejectReason.UnknownStart]);
    }

    [Fact]
    public async Task After_a_crash_and_a_long_pause_the_next_running_total_counts_the_difference()
    {
        string copy;
        var (writer, clock) = (Guid.NewGuid(), new FakeClock(At(100).ToDateTimeOffset()));
        await using (var before = await OpenAsync(folder.File, writer, clock))
        {
            before.Coverage.Begin();
            await PostAsync(before, 110, (0, Counted.Usual, [5, 7, 0]));
            clock.Advance(TimeSpan.FromSeconds(60));
            await before.Flusher.FlushAsync(CancellationToken.None);
            copy = folder.CopyAsAfterCrash("killed");
        }

        clock.Advance(TimeSpan.FromHours(2));
        await using var after = await OpenAsync(copy, writer, clock);
        await after.RestoreTotalsAsync(UnixNanos.Now(clock), CancellationToken.None);
        await PostAsync(after, 170, (0, Counted.Usual, [6, 9, 1]));
        Assert.Equal(0, after.Intake[TelemetrySignal.Metrics, RejectReason.UnknownStart]);
        var totals = new CellTotals();
        await after.Reader.ReadAsync(RollupStoreContract.All, totals, totals, CancellationToken.None);
        Assert.Equal([6, 9, 1], Sum(totals, 0, Counted.Usual));
    }

    private static long[] Sum(CellTotals totals, int series, HistogramLayout layout)
    {
        var sum = new HistogramCounts();
        sum.Reset(layout);
        foreach (var (_, cell) in totals.Histograms.Where(h => h.Key.Series == LabelsOf(series).ToString() && h.Key.Layout == Counted.Name(layout)))
        {
            sum.Add(cell.Increase);
        }

        return [sum.Positive[0], sum.Positive[1], sum.Positive[2]];
    }

    // An hour's first slice.
    private static UnixNanos At(int seconds) => new(((1_790_000_000L / Hour * Hour) + seconds) * 1_000_000_000);

    private static Labels LabelsOf(int series) => Labels.Of(("__name__", $"h{series}"));

    private static Task<Rollup> OpenAsync(string file) => OpenAsync(file, Guid.NewGuid(), TimeProvider.System);

    private static Task<Rollup> OpenAsync(string file, Guid writer, TimeProvider clock) => Rollup.OpenAsync(
        SqliteRollupStore.Open(file), new RollupLimits(), writer, clock, NullLoggerFactory.Instance, CancellationToken.None);

    private static async Task PostAsync(Rollup to, int time, params (int Series, HistogramLayout Layout, long[] Counts)[] points)
    {
        var batch = new SampleBatch();
        foreach (var (series, layout, counts) in points)
        {
            var sample = new HistogramSample
            {
                Slot = to.Catalog.GetOrAdd(SeriesKind.Histogram, "s", LabelsOf(series), out _).Slot,
                Start = At(1),
                Time = At(time),
                Layout = layout,
                Count = counts.Sum(),
                Sum = HistogramRig.SumOf(counts),
            };
            HistogramRig.Add(batch, sample, counts, []);
        }

        Assert.True(to.Lanes.TryPost(batch));
        await batch.Applied;
    }
}
