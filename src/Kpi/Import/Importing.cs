using Kpi.Collector.Import;
using Kpi.Program.Serve;
using Kpi.Rollups;
using Kpi.Rollups.Store;
using Kpi.SloEngine;
using Kpi.SloEngine.Definitions;
using Kpi.SloEngine.Status;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kpi.Program.Import;

/// <summary>
/// Runs an import from options to exit code. Whoever ends it by a signal ends it there and then: what is committed is, and the next
/// run goes on.
/// </summary>
internal sealed class Importing(TextWriter said, TextWriter problems, TimeProvider clock)
{
    private const int Fine = 0;
    private const int Findings = 1;
    private const int Environment = 2;

    public async Task<int> RunAsync(
        IEnumerable<KeyValuePair<string, string?>> given, string? signal, IReadOnlyList<string> paths, CancellationToken cancellation)
    {
        var wrong = new List<string>();
        var settings = ServeSettings.Read(given, wrong);
        var files = FilesOf(paths, signal, wrong);
        var reader = new DefinitionsReader(Serving.SelectorProblem);
        var definitions = settings is null ? null : reader.Read(settings.AlertsFolder);
        wrong.AddRange(definitions?.Problems.Select(p => Path.Combine(settings!.AlertsFolder, p.ToString())) ?? []);
        if (wrong.Count > 0)
        {
            return Refuse(wrong);
        }

        try
        {
            var started = clock.GetTimestamp();
            var watch = new DefinitionsWatch(reader, settings!.AlertsFolder, definitions!);
            var summary = await ImportAsync(settings, watch, files, cancellation).ConfigureAwait(false);
            ImportReport.Write(said, summary, paths.Count, clock.GetElapsedTime(started));
            return ImportReport.HasFindings(summary) ? Findings : Fine;
        }
        catch (Exception failure) when (failure
            is IOException or UnauthorizedAccessException or InvalidDataException or Microsoft.Data.Sqlite.SqliteException)
        {
            return Refuse([failure.Message]);
        }
    }

    private async Task<ImportSummary> ImportAsync(
        ServeSettings settings, DefinitionsWatch watch, IReadOnlyList<ImportFile> files, CancellationToken cancellation)
    {
        using var folder = DataFolder.Open(settings.DataFolder);
        using var line = new ProgressLine(problems, clock);
        var shown = Console.IsErrorRedirected ? null : line;
        var import = new TelemetryImport(folder.Imports, settings.Collector, settings.Rollups, clock, shown);
        var store = SqliteRollupStore.Open(folder.Rollups, settings.Rollups);
        return await import.RunAsync(
            files, store, r => Declare(r, folder, settings, watch), NullLoggerFactory.Instance, cancellation).ConfigureAwait(false);
    }

    // An engine declares its definitions to the rollup, targets and label policy; it is not started, so nothing is evaluated.
    private void Declare(Rollup rollup, DataFolder folder, ServeSettings settings, DefinitionsWatch watch)
    {
        rollup.Catalog.LabelKey = folder.LabelKey;
        var endpoints = new IngestEndpoints(settings.Collector.Grpc.ToString(), settings.Collector.Http.ToString());
        _ = new StatusEngine(rollup, watch, endpoints, Serving.Build(), clock, NullLoggerFactory.Instance);
    }

    private static List<ImportFile> FilesOf(IReadOnlyList<string> paths, string? signal, List<string> wrong)
    {
        var named = signal is null ? null : ImportFile.Named(signal);
        if (signal is not null && named is null)
        {
            wrong.Add($"--signal: '{signal}' is none of traces, metrics, logs");
        }

        var files = new List<ImportFile>();
        foreach (var path in paths)
        {
            if (!File.Exists(path))
            {
                wrong.Add($"there is no file {path}");
            }
            else if ((named ?? ImportFile.SignalOf(path) ?? ImportFile.SignalWithin(path)) is { } of)
            {
                files.Add(new ImportFile(path, of));
            }
            else if (signal is null)
            {
                wrong.Add($"{path}: its name does not say what it holds; "
                    + "say --signal traces, metrics or logs, or name it such as shop.traces.pb");
            }
        }

        return files;
    }

    private int Refuse(IReadOnlyList<string> wrong)
    {
        foreach (var problem in wrong)
        {
            problems.WriteLine(problem);
        }

        return Environment;
    }
}
