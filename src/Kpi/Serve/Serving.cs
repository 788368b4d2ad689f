using System.Reflection;
using System.Runtime.InteropServices;
using Kpi.PromQl;
using Kpi.SloEngine.Definitions;

namespace Kpi.Program.Serve;

/// <summary>Runs the server from options to exit code.</summary>
internal static class Serving
{
    private const int Fine = 0;
    private const int Environment = 2;

    /// <summary>SIGTERM to exit takes 10 s at most; this much of it is for requests under way.</summary>
    private static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(4);

    public static async Task<int> RunAsync(IEnumerable<KeyValuePair<string, string?>> given, CancellationToken cancellation)
    {
        var problems = new List<string>();
        var settings = ServeSettings.Read(given, problems);
        var reader = new DefinitionsReader(SelectorProblem);
        var definitions = settings is null ? null : reader.Read(settings.AlertsFolder);
        problems.AddRange(definitions?.Problems.Select(p => System.IO.Path.Combine(settings!.AlertsFolder, p.ToString())) ?? []);
        if (problems.Count > 0)
        {
            return Refuse(problems);
        }

        using var stop = new StopSignal(cancellation);
        using var logs = LoggerFactory.Create(log => log
            .AddSimpleConsole(console =>
            {
                console.SingleLine = true;
                console.UseUtcTimestamp = true;
                console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
            })
            .AddFilter("Microsoft", LogLevel.Warning)

            // A host that cannot start throws; we say in one line what it would say with a stack trace.
            .AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None));
        try
        {
            var watch = new DefinitionsWatch(reader, settings!.AlertsFolder, definitions!);
            await using var running = await RunningServer.StartAsync(settings, watch, Build(), TimeProvider.System, logs, stop.Token).ConfigureAwait(false);
            await stop.Requested.ConfigureAwait(false);
            using var drain = new CancellationTokenSource(DrainTime);
            await running.StopIntakeAsync(drain.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stop.Token.IsCancellationRequested)
        {
            // Told to stop while starting.
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or InvalidDataException or Microsoft.Data.Sqlite.SqliteException)
        {
            return Refuse([failure.Message]);
        }

        return Fine;
    }

    private static int Refuse(IReadOnlyList<string> problems)
    {
        foreach (var problem in problems)
        {
            Console.Error.WriteLine(problem);
        }

        return Environment;
    }

    internal static string? SelectorProblem(string text) =>
        SelectorParser.TryParse(text, out _, out var error) ? null : error.ToString();

    internal static string Build() =>
        Assembly.GetExecutingAssembly().GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    /// <summary>SIGTERM, SIGINT (Ctrl-C) or the caller's token, whichever comes first; the process then ends by our hand.</summary>
    private sealed class StopSignal : IDisposable
    {
        private readonly CancellationTokenSource source;
        private readonly TaskCompletionSource requested = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly PosixSignalRegistration[] signals;
        private readonly CancellationTokenRegistration cancelled;

        public StopSignal(CancellationToken cancellation)
        {
            source = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            cancelled = source.Token.Register(() => requested.TrySetResult());
            signals = [PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop), PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop)];
        }

        public CancellationToken Token => source.Token;

        public Task Requested => requested.Task;

        public void Dispose()
        {
            foreach (var signal in signals)
            {
                signal.Dispose();
            }

            cancelled.Dispose();
            source.Dispose();
        }

        private void Stop(PosixSignalContext context)
        {
            context.Cancel = true;
            source.Cancel();
        }
    }
}
