using Kpi.Rollups;
using Kpi.Rollups.Identity;
using Kpi.Rollups.Store;
using Kpi.Rollups.Time;
using Microsoft.Extensions.Logging;

namespace Kpi.Collector.Import;

/// <summary>
/// Brings files of OTLP protobuf into a store that no server has open, each file set once: a second run of the same files does
/// nothing, and a run that was cut off at any moment is made whole by running it again.
/// </summary>
/// <param name="folder">Where the imports are recorded.</param>
/// <param name="options">Bounds of a body.</param>
/// <param name="limits">Bounds of the rollups. Cells not yet committed take <see cref="MostUncommitted"/> of memory at most.</param>
/// <param name="clock">The time by which points are too old, when the file set was never begun.</param>
/// <param name="progress">Told how far it is; may be called thousands of times a second.</param>
public sealed class TelemetryImport(
    string folder, CollectorOptions options, RollupLimits limits, TimeProvider clock, IProgress<ImportProgress>? progress = null)
{
    /// <summary>Memory of cells between two flushes, in bytes.</summary>
    public const long MostUncommitted = 64 << 20;

    private readonly ImportRecords records = new(folder);

    private long done;

    /// <summary>Imports a file set.</summary>
    /// <param name="files">The files, in the order of their time: running totals of one series follow each other in it.</param>
    /// <param name="store">Taken over and disposed.</param>
    /// <param name="declare">Tells the rollup what it needs to know before it counts: which edges are counted exactly.</param>
    /// <exception cref="InvalidDataException">
    /// A file is damaged, or in the store already by another file set, and nothing was imported; or it was changed under our hands.
    /// </exception>
    /// <exception cref="IOException">A file or the folder of records cannot be used.</exception>
    public async Task<ImportSummary> RunAsync(
        IReadOnlyList<ImportFile> files, IRollupStore store, Action<Rollup> declare, ILoggerFactory logs, CancellationToken cancellation)
    {
        await using var owned = store.ConfigureAwait(false);
        var total = files.Sum(f => new FileInfo(f.Path).Length);
        var sound = new FileCheck(options.MaxRequestBytes, bytes => Report(ImportStage.Checking, bytes, total)).Run(files, cancellation);
        var contents = sound.Select(f => f.Content).ToHashSet();
        var writer = ImportRecord.WriterOf(contents);
        var last = await LastFlushAsync(store, writer, contents, cancellation).ConfigureAwait(false);
        if (last.Position == FileSetRun.End)
        {
            return ImportSummary.Nothing;
        }

        var record = records.GetOrAdd(writer, new ImportRecord(clock.GetUtcNow(), [.. sound.Select(f => f.Content)]));
        await TidyAsync(store, cancellation).ConfigureAwait(false);

        done = 0;
        limits.UncommittedBytes = Math.Min(limits.UncommittedBytes, MostUncommitted);
        var standing = new StandingClock(record.Begun);
        var resuming = new ResumingStore(store, last.Position);
        await using var rollup = await Rollup.OpenAsync(resuming, limits, writer, standing, logs, cancellation).ConfigureAwait(false);
        declare(rollup);
        var run = new FileSetRun(
            rollup, UnixNanos.Now(standing), options.MaxRequestBytes, bytes => Report(ImportStage.Counting, bytes, total));
        await run.RunAsync(InOrder(sound, record), cancellation).ConfigureAwait(false);
        await TidyAsync(store, cancellation).ConfigureAwait(false);
        return new ImportSummary(false, last.Number > 0, run.Bodies, rollup.Intake, run.Malformed, store.Figures.Refused);
    }

    // A rerun may name the files in another order.
    private static List<CheckedFile> InOrder(IReadOnlyList<CheckedFile> files, ImportRecord record)
    {
        var byContent = files.ToDictionary(f => f.Content);
        return [.. record.Files.Select(f => byContent[f])];
    }

    private async Task<FlushMark> LastFlushAsync(
        IRollupStore store, Guid writer, IReadOnlyCollection<FileContent> contents, CancellationToken cancellation)
    {
        await using var snapshot = await store.OpenSnapshotAsync(cancellation).ConfigureAwait(false);
        foreach (var (other, record) in records.Overlapping(writer, contents))
        {
            var there = await snapshot.LastFlushAsync(other, cancellation).ConfigureAwait(false);
            if (there.Number > 0)
            {
                throw new InvalidDataException(
                    $"some of these files were imported on {record.Begun:yyyy-MM-dd HH:mm} UTC with a set of {record.Files.Count} files; "
                    + "they would be counted twice. Name the same set to complete it, or only files that are not in it");
            }
        }

        return await snapshot.LastFlushAsync(writer, cancellation).ConfigureAwait(false);
    }

    // Before the first body, so that old times go where they belong at once; behind the last, so that the server finds the store in order.
    private async Task TidyAsync(IRollupStore store, CancellationToken cancellation)
    {
        do
        {
            progress?.Report(new ImportProgress(ImportStage.Tidying, 0, 0));
        }
        while (await store.MaintainAsync(Slice.Of(UnixNanos.Now(clock)), cancellation).ConfigureAwait(false));
    }

    private void Report(ImportStage stage, long bytes, long total)
    {
        done += bytes;
        progress?.Report(new ImportProgress(stage, done, total));
    }
}
