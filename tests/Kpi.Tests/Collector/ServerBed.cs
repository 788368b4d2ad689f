using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Kpi.Collector;
using Kpi.Collector.Journal;
using Kpi.Rollups;
using Kpi.Rollups.Cells;
using Kpi.Rollups.Identity;
using Kpi.Rollups.Reading;
using Kpi.Rollups.Store;
using Kpi.Rollups.Time;
using Microsoft.Extensions.Logging;

namespace Kpi.Tests.Collector;

/// <summary>The collector on two free ports over rollups in a folder of their own.</summary>
internal sealed class ServerBed : IAsyncDisposable
{
    private readonly DirectoryInfo folder;
    private readonly CollectorServer server;
    private readonly KeptLogs logs;

    private ServerBed(DirectoryInfo folder, CollectorServer server, Rollup rollup, CollectorOptions options, KeptLogs logs)
    {
        this.folder = folder;
        this.server = server;
        this.logs = logs;
        Rollup = rollup;
        Options = options;
        Http = new HttpClient { BaseAddress = new Uri($"http://{options.Http}") };
        Grpc = new HttpClient
        {
            BaseAddress = new Uri($"http://{options.Grpc}"),
            DefaultRequestVersion = HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
    }

    /// <summary>For tests that send one body many times and mean it.</summary>
    public static JournalOptions EveryBodyCounts => new() { RetryWindow = TimeSpan.Zero };

    public Rollup Rollup { get; }

    public CollectorOptions Options { get; }

    public HttpClient Http { get; }

    public HttpClient Grpc { get; }

    /// <summary>Warnings and errors that were logged: none, whatever senders do.</summary>
    public IReadOnlyCollection<string> Complaints => logs.Lines;

    public static Task<ServerBed> StartAsync(
        Action<CollectorOptions>? change = null, RollupLimits? limits = null, JournalOptions? journal = null) =>
        StartInAsync(Directory.CreateTempSubdirectory("kpi-collector-"), Guid.NewGuid(), change, limits, journal);

    /// <summary>A second server on what a crash of this one would leave: its files as they are now.</summary>
    public Task<ServerBed> AfterCrashAsync(JournalOptions? journal = null, Action<CollectorOptions>? change = null)
    {
        var left = Directory.CreateTempSubdirectory("kpi-collector-");
        foreach (var file in folder.EnumerateFiles("*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(left.FullName, Path.GetRelativePath(folder.FullName, file.FullName));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            file.CopyTo(copy);
        }

        return StartInAsync(left, Rollup.Flusher.Writer, change, null, journal);
    }

    private static async Task<ServerBed> StartInAsync(
        DirectoryInfo folder, Guid writer, Action<CollectorOptions>? change, RollupLimits? limits, JournalOptions? journal)
    {
        var logs = new KeptLogs();
        var factory = LoggerFactory.Create(log => log.AddProvider(logs).SetMinimumLevel(LogLevel.Warning));
        var store = SqliteRollupStore.Open(Path.Combine(folder.FullName, "rollups.db"));
        var rollup = await Rollup.OpenAsync(store, limits ?? new RollupLimits(), writer, TimeProvider.System, factory, CancellationToken.None);
        for (var attempt = 1; ; attempt++)
        {
            var options = new CollectorOptions { Grpc = FreePort(), Http = FreePort() };
            change?.Invoke(options);
            try
            {
                var server = await CollectorServer.StartAsync(
                    options, journal ?? new JournalOptions(), Path.Combine(folder.FullName, "journal"), rollup, TimeProvider.System, factory, CancellationToken.None);
                return new ServerBed(folder, server, rollup, options, logs);
            }
            catch (IOException) when (attempt < 5)
            {
                // Somebody else took the port between our look and our bind.
                logs.Lines.Clear();
            }
        }
    }

    /// <summary>Events counted, by metric, over all that is committed or not.</summary>
    public async Task<long> CountAsync()
    {
        var counts = new Counts();
        var now = Slice.Of(UnixNanos.Now(TimeProvider.System));
        await Rollup.Reader.ReadAsync(new SliceRange(now.Plus(-6 * 60), now.Plus(60)), counts, counts, CancellationToken.None);
        return counts.Sum;
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        Grpc.Dispose();
        await server.StopAsync(CancellationToken.None);
        await server.DisposeAsync();
        await Rollup.DisposeAsync();
        folder.Delete(recursive: true);
    }

    private static IPEndPoint FreePort()
    {
        using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        probe.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return (IPEndPoint)probe.LocalEndPoint!;
    }

    private sealed class Counts : ICellVisitor
    {
        public long Sum { get; private set; }

        public bool Wants(Series series) => true;

        public void Visit(Series series, SliceRange span, DistributionCell cell) => Sum += cell.Count;

        public void Visit(Series series, SliceRange span, CounterCell cell)
        {
        }
    }

    private sealed class KeptLogs : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Lines { get; } = new();

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                Lines.Enqueue($"{logLevel}: {formatter(state, exception)} {exception}");
            }
        }

        public void Dispose()
        {
        }
    }
}
