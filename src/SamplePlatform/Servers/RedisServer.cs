using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Kpi.SamplePlatform.Servers;

/// <summary>
/// A Redis of our own in a folder: a daemon on a free port of 127.0.0.1 that keeps nothing on disk and evicts what is used least, known
/// by its folder to everybody who is to stop or start it.
/// </summary>
internal sealed class RedisServer
{
    private const string Kind = "redis";
    private const int PortAttempts = 5;

    private static readonly TimeSpan StartTime = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan StopTime = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private readonly DaemonProcess daemon;
    private readonly string log;
    private readonly TimeProvider clock = TimeProvider.System;
    private ServerFile settings;

    private RedisServer(string folder, ServerFile settings)
    {
        Folder = folder;
        this.settings = settings;
        log = Path.Combine(folder, "log");
        daemon = new DaemonProcess(Path.Combine(folder, "pid"), folder);
    }

    public string Name => settings.Name;

    public string Folder { get; }

    public int Port => settings.Port;

    public string Password => settings.Password;

    public bool IsRunning => daemon.Id is not null;

    /// <summary>Makes the folder, which must be new or empty, and in it a Redis that answers. On failure nothing is left.</summary>
    /// <exception cref="ServerException">It could not be made, such as on a full disk.</exception>
    public static async Task<RedisServer> CreateAsync(string folder, string name, CancellationToken cancellation)
    {
        folder = Path.GetFullPath(folder);
        await ServerAccount.CreateFolderAsync(folder, cancellation).ConfigureAwait(false);
        var server = new RedisServer(folder, new ServerFile(Kind, name, FreePort.Next(), ServerFile.NewPassword()));
        try
        {
            await server.StartFirstAsync(cancellation).ConfigureAwait(false);
            return server;
        }
        catch
        {
            server.daemon.Kill();
            Directory.Delete(folder, recursive: true);
            throw;
        }
    }

    /// <summary>A Redis that is there, running or not.</summary>
    /// <exception cref="ServerException">There is none.</exception>
    public static RedisServer Open(string folder)
    {
        folder = Path.GetFullPath(folder);
        return new RedisServer(folder, ServerFile.Read(folder, Kind));
    }

    /// <summary>Returns when it answers. Does nothing when it runs.</summary>
    /// <exception cref="ServerException">It does not come up.</exception>
    public async Task StartAsync(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (IsRunning)
        {
            return;
        }

        File.Delete(log);

        // The configuration goes in by standard input, so that the password stands in one file only. Not cancelled half way: a daemon
        // that has just forked is in no pid file, and nobody could stop it.
        var program = ServerPrograms.Find().RedisServer;
        await ServerAccount.RunAsync(program, ["-"], CancellationToken.None, Configuration()).ConfigureAwait(false);
        for (var asked = clock.GetTimestamp(); !await AnswersAsync().ConfigureAwait(false);)
        {
            var tail = LogTail.OfFile(log);
            if (tail.Contains("Failed listening", StringComparison.Ordinal) || clock.GetElapsedTime(asked) > StartTime)
            {
                throw new ServerException($"{Name} does not start:\n{tail}");
            }

            await Task.Delay(Pause, clock, CancellationToken.None).ConfigureAwait(false);
        }
    }

    /// <summary>Returns when it has ended.</summary>
    /// <param name="immediate">As <c>kill -9</c>.</param>
    /// <exception cref="ServerException">It does not end.</exception>
    public async Task StopAsync(bool immediate, CancellationToken cancellation)
    {
        if (!immediate)
        {
            await AskAsync("SHUTDOWN NOSAVE", cancellation).ConfigureAwait(false);
            if (await daemon.EndsAsync(StopTime, clock, cancellation).ConfigureAwait(false))
            {
                return;
            }
        }

        daemon.Kill();
        if (!await daemon.EndsAsync(StopTime, clock, cancellation).ConfigureAwait(false))
        {
            throw new ServerException($"{Name} does not stop:\n{LogTail.OfFile(log)}");
        }
    }

    /// <summary>Empties it.</summary>
    /// <exception cref="ServerException">It does not answer.</exception>
    public async Task FlushAsync(CancellationToken cancellation)
    {
        if (await AskAsync("FLUSHALL", cancellation).ConfigureAwait(false) != "+OK")
        {
            throw new ServerException($"{Name} does not answer:\n{LogTail.OfFile(log)}");
        }
    }

    private async Task StartFirstAsync(CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            settings.Write(Folder);
            try
            {
                await StartAsync(cancellation).ConfigureAwait(false);
                return;
            }
            catch (ServerException lostRace)
                when (attempt < PortAttempts && lostRace.Message.Contains("Failed listening", StringComparison.Ordinal))
            {
                settings = settings with { Port = FreePort.Next() };
            }
        }
    }

    private string Configuration() => string.Create(CultureInfo.InvariantCulture, $"""
        bind 127.0.0.1
        port {Port}
        requirepass {Password}
        daemonize yes
        dir "{Folder}"
        pidfile "{Folder}/pid"
        logfile "{Folder}/log"
        save ""
        appendonly no
        maxmemory 64mb
        maxmemory-policy allkeys-lru

        """);

    private async Task<bool> AnswersAsync() =>
        daemon.Id is not null && await AskAsync("PING", CancellationToken.None).ConfigureAwait(false) == "+PONG";

    // Two inline commands of the Redis protocol, each answered by one line; null when nobody with this password is there.
    private async Task<string?> AskAsync(string command, CancellationToken cancellation)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(StopTime);
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, Port, deadline.Token).ConfigureAwait(false);
            var stream = client.GetStream();
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"AUTH {Password}\r\n{command}\r\n"), deadline.Token).ConfigureAwait(false);
            using var answers = new StreamReader(stream, Encoding.ASCII);
            return await answers.ReadLineAsync(deadline.Token).ConfigureAwait(false) == "+OK"
                ? await answers.ReadLineAsync(deadline.Token).ConfigureAwait(false)
                : null;
        }
        catch (Exception silent)
            when (silent is SocketException or IOException or OperationCanceledException && !cancellation.IsCancellationRequested)
        {
            return null;
        }
    }
}
