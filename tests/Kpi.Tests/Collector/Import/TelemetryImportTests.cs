using Google.Protobuf;
using Kpi.Collector.Import;
using Kpi.Rollups.Cells;
using Kpi.Rollups.Intake;
using Kpi.Testing;
using Kpi.Witness;

namespace Kpi.Tests.Collector.Import;

public sealed class TelemetryImportTests : IDisposable
{
    private const long Minute = 60_000_000_000;
    private const long Day = 1_440 * Minute;

    private readonly ImportFolder folder = new();
    private readonly ImportBed bed;

    public TelemetryImportTests() => bed = new ImportBed(folder);

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Spans_deltas_and_totals_of_thirty_days_are_counted_in_their_own_time()
    {
        var summary = await bed.RunAsync(Month());

        var totals = await bed.ReadAsync();
        Assert.Equal(3_000, totals.Distributions.Sum(d => d.Value.Count));
        Assert.Equal(Enumerable.Range(1, 300).Sum(), Increase(totals.Counters.Where(c => c.Key.Series.Contains("app.deltas", StringComparison.Ordinal))));
        Assert.Equal(300 * 7, Increase(totals.Counters.Where(c => c.Key.Series.Contains("app.totals", StringComparison.Ordinal))));
        Assert.Equal(3_000, summary.Intake.AcceptedOf(TelemetrySignal.Traces));
        Assert.Equal(600, summary.Intake.AcceptedOf(TelemetrySignal.Metrics));
        Assert.Equal(900, summary.Bodies);
        Assert.False(summary.WasThere || summary.GoesOn);
        Assert.InRange(totals.Distributions.Keys.Max(k => k.Slice) - totals.Distributions.Keys.Min(k => k.Slice), 29 * 8_640, 30 * 8_640);
    }

    [Fact]
    public async Task The_same_files_count_once_whatever_their_names_and_order()
    {
        var files = Month();
        await bed.RunAsync(files);
        var before = (await bed.ReadAsync()).Describe();

        Assert.True((await bed.RunAsync(files)).WasThere);
        Assert.Equal(0, bed.Commits);
        var renamed = files.Select((f, i) => new ImportFile(folder.Write($"other-{i}", File.ReadAllBytes(f.Path)), f.Signal)).Reverse().ToList();
        Assert.True((await bed.RunAsync(renamed)).WasThere);
        Assert.Equal(before, (await bed.ReadAsync()).Describe());
    }

    [Fact]
    public async Task A_file_set_has_series_of_its_own_whatever_newer_totals_the_store_holds()
    {
        // A total that went on to 900 a minute ago, and an earlier stretch of the same series that comes in later.
        await bed.RunAsync([Totals("newer", (120, 600), (60, 900))]);
        await bed.RunAsync([Totals("older", (1_860, 100), (1_800, 150))]);
        Assert.Equal(900 + 150, Increase((await bed.ReadAsync()).Counters));

        ImportFile Totals(string name, params (double SecondsAgo, long Value)[] points) => bed.File(
            name,
            TelemetrySignal.Metrics,
            points.Select(p => TestPoints.Request(TestPoints.Cumulative(TestPoints.Point(p.Value, p.SecondsAgo, points[0].SecondsAgo + 60))).ToByteArray()));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_run_that_dies_after_any_commit_ends_as_one_that_does_not(bool seen)
    {
        var files = Month();
        using var elsewhere = new ImportFolder();
        var undisturbed = new ImportBed(elsewhere);
        var expected = await undisturbed.RunAsync(files);
        var cells = (await undisturbed.ReadAsync()).Describe();
        Assert.True(undisturbed.Commits > 4, $"{undisturbed.Commits} commits");

        for (var dieAfter = 1; dieAfter < undisturbed.Commits; dieAfter++)
        {
            using var records = new ImportFolder();
            var dying = new ImportBed(records);
            await Assert.ThrowsAsync<IOException>(() => dying.RunAsync(files, dieAfter, seen));

            // Most of a year later, with other memory, and the files in another order.
            dying.Clock.Advance(TimeSpan.FromDays(300));
            var summary = await dying.RunAsync([.. files.Reverse()], uncommitted: 600_000 + (dieAfter * 100_000));

            Assert.Equal(dieAfter > 1 || seen, summary.GoesOn);
            Assert.Equal(cells, (await dying.ReadAsync()).Describe());
            Assert.Equal(Counts(expected), Counts(summary));
            Assert.True((await dying.RunAsync(files)).WasThere);
        }
    }

    [Fact]
    public async Task A_run_that_dies_at_every_second_commit_gets_to_its_end()
    {
        var files = Month();
        await bed.RunAsync(files);
        using var records = new ImportFolder();
        var dying = new ImportBed(records);
        for (var alive = false; !alive;)
        {
            try
            {
                await dying.RunAsync(files, dieAfter: 2, seen: dying.Commits % 2 == 0);
                alive = true;
            }
            catch (IOException)
            {
                // Once more.
            }
        }

        Assert.Equal((await bed.ReadAsync()).Describe(), (await dying.ReadAsync()).Describe());
    }

    [Fact]
    public async Task A_file_that_is_in_the_store_by_another_set_is_refused_and_nothing_is_counted()
    {
        var files = Month();
        await bed.RunAsync([files[0]]);
        var before = (await bed.ReadAsync()).Describe();

        var refused = await Assert.ThrowsAsync<InvalidDataException>(() => bed.RunAsync(files));

        Assert.Contains("were imported on 2026-", refused.Message, StringComparison.Ordinal);
        Assert.Equal(before, (await bed.ReadAsync()).Describe());
        Assert.False((await bed.RunAsync([files[1], files[2]])).WasThere);
    }

    [Fact]
    public async Task A_file_given_twice_is_refused()
    {
        var file = bed.File("a", TelemetrySignal.Traces, TestSpans.Request(TestSpans.Get()).ToByteArray());
        var refused = await Assert.ThrowsAsync<InvalidDataException>(
            () => bed.RunAsync([file, file with { Path = folder.Write("b", File.ReadAllBytes(file.Path)) }]));
        Assert.Contains("counted twice", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_damaged_file_keeps_the_whole_set_out_and_is_named()
    {
        var files = Month();
        var bytes = File.ReadAllBytes(files[2].Path);
        var damaged = files[2] with { Path = folder.Write("damaged", bytes.AsSpan(0, bytes.Length - 1)) };

        var refused = await Assert.ThrowsAsync<InvalidDataException>(() => bed.RunAsync([files[0], files[1], damaged]));

        Assert.StartsWith(damaged.Path + ": at byte ", refused.Message, StringComparison.Ordinal);
        Assert.Empty((await bed.ReadAsync()).Series);
        Assert.False((await bed.RunAsync(files)).GoesOn);
    }

    [Fact]
    public async Task A_malformed_body_is_left_out_and_located_and_the_others_count()
    {
        var good = TestSpans.Request(TestSpans.Get()).ToByteArray();
        byte[] bad = [0x0A, 0x05, 1, 2];
        var file = bed.File("a", TelemetrySignal.Traces, good, bad, [.. good, .. good]);

        var summary = await bed.RunAsync([file]);

        Assert.Equal(1, summary.Intake[RejectReason.Malformed]);
        Assert.Equal([$"{file.Path}: the body that ends at byte {good.Length + bad.Length + 8}"], summary.Malformed);
        Assert.Equal(3, (await bed.ReadAsync()).Distributions.Sum(d => d.Value.Count));
    }

    [Fact]
    public async Task What_is_too_old_or_too_far_ahead_is_rejected_by_the_time_of_the_import()
    {
        var spans = new[] { TimeSpan.FromDays(-401), TimeSpan.FromDays(-399), TimeSpan.Zero, TimeSpan.FromMinutes(9), TimeSpan.FromMinutes(11) }.Select(At);
        var summary = await bed.RunAsync([bed.File("a", TelemetrySignal.Traces, TestSpans.Request([.. spans]).ToByteArray())]);

        Assert.Equal(3, summary.Intake.Accepted);
        Assert.Equal(1, summary.Intake[RejectReason.TooOld]);
        Assert.Equal(1, summary.Intake[RejectReason.TooFarAhead]);

        static Span At(TimeSpan offset)
        {
            var span = TestSpans.Get();
            span.EndTimeUnixNano = (ulong)((long)TestSpans.End + (offset.Ticks * 100));
            span.StartTimeUnixNano = span.EndTimeUnixNano - TestSpans.Duration;
            return span;
        }
    }

    [Fact]
    public async Task A_counter_that_was_silent_for_a_day_goes_on_from_its_last_total()
    {
        var start = (ulong)(TestSpans.Receipt.Value - (3 * Day));
        byte[][] bodies = [.. ((long[])[10, 25, 31]).Select((total, i) => Total(start, start + (ulong)(Minute + (i * Day)), total))];

        await bed.RunAsync([bed.File("a", TelemetrySignal.Metrics, bodies)]);

        Assert.Equal(31, Increase((await bed.ReadAsync()).Counters));
    }

    private static double Increase(IEnumerable<KeyValuePair<(string Series, int Slice), CounterCell>> cells) =>
        cells.Aggregate(FixedSum.Zero, (sum, c) => sum + c.Value.Increase).ToDouble();

    private static string Counts(ImportSummary summary) => string.Join(
        ", ",
        Enum.GetValues<RejectReason>().Select(r => $"{r} {summary.Intake[r]}")
            .Concat(Enum.GetValues<TelemetrySignal>().Select(s => $"{s} {summary.Intake.AcceptedOf(s)}")).Append($"{summary.Bodies} bodies"));

    private static byte[] Total(ulong start, ulong time, long value) =>
        Points("app.totals", AggregationTemporality.TemporalityCumulative, start, time, value);

    private static byte[] Delta(ulong time, long value) =>
        Points("app.deltas", AggregationTemporality.TemporalityDelta, time - (ulong)Minute, time, value);

    private static byte[] Points(string metric, AggregationTemporality temporality, ulong start, ulong time, long value)
    {
        var point = new NumberDataPoint { AsInt = value, StartTimeUnixNano = start, TimeUnixNano = time };
        return TestPoints.Request(TestPoints.Counter(metric, temporality, point)).ToByteArray();
    }

    /// <summary>Thirty days up to the import: spans of forty series, increases, and a running total with long gaps.</summary>
    private IReadOnlyList<ImportFile> Month()
    {
        const int Steps = 300;
        const long Step = 30 * Day / Steps;
        var begin = TestSpans.Receipt.Value - (30 * Day);
        var spans = new SpanBodies(series: 40);
        var ends = Enumerable.Range(1, Steps).Select(i => begin + (i * Step) - Minute).ToList();
        return
        [
            bed.File("traces", TelemetrySignal.Traces, [.. ends.Select(e => spans.Make(10, e))]),
            bed.File("deltas", TelemetrySignal.Metrics, [.. ends.Select((e, i) => Delta((ulong)e, i + 1))]),
            bed.File("totals", TelemetrySignal.Metrics, [.. ends.Select((e, i) => Total((ulong)(ends[0] - Minute), (ulong)e, (i + 1) * 7))]),
        ];
    }
}
