using System.Globalization;
using Npgsql;

namespace Kpi.SamplePlatform.Servers;

/// <summary>
/// A PostgreSQL cluster of our own in a folder: a daemon on a free port of 127.0.0.1, fast rather than durable, known by its folder to
/// everybody who is to stop or start it.
/// </summary>
internal sealed class PostgresServer
{
    public const string Superuser = "postgres";

    private const string Kind = "postgres";
    private const int PortAttempts = 5;

    private readonly DaemonProcess daemon;
    private readonly string files;
    private readonly string log;
    private ServerFile settings;

    private PostgresServer(string folder, ServerFile settings)
    {
        Folder = folder;
        this.settings = settings;
        files = Path.Combine(folder, "data");
        log = Path.Combine(folder, "log");
        daemon = new DaemonProcess(Path.Combine(files, "postmaster.pid"), files);
    }

    public string Name => settings.Name;

    public string Folder { get; }

    public int Port => settings.Port;

    /// <summary>Of the superuser; the roles of the shop are given the same one.</summary>
    public string Password => settings.Password;

    public bool IsRunning => daemon.Id is not null;

    /// <summary>Makes the folder, which must be new or empty, and in it a cluster that answers. On failure nothing is left.</summary>
    /// <param name="template">Copied when given; else <c>initdb</c> makes the files.</param>
    /// <exception cref="ServerException">It could not be made, such as on a full disk.</exception>
    public static async Task<PostgresServer> CreateAsync(
        string folder, string name, PostgresTemplate? template, CancellationToken cancellation)
    {
        folder = Path.GetFullPath(folder);
        await ServerAccount.CreateFolderAsync(folder, cancellation).ConfigureAwait(false);
        PostgresServer? server = null;
        try
        {
            var making = template?.CopyAsync(folder, cancellation) ?? PostgresTemplate.InitialiseAsync(folder, cancellation);
            var made = await making.ConfigureAwait(false);
            server = new PostgresServer(folder, new ServerFile(Kind, name, FreePort.Next(), made.Password));
            await server.StartFirstAsync(cancellation).ConfigureAwait(false);
            return server;
        }
        catch (Exception failure)
        {
            var space = DiskSpace.Hint(folder);
            server?.daemon.Kill();
            Directory.Delete(folder, recursive: true);
            throw failure is OperationCanceledException ? failure : new ServerException($"{name}: {failure.Message}{space}", failure);
        }
    }

    /// <summary>A cluster that is there, running or not.</summary>
    /// <exception cref="ServerException">There is none.</exception>
    public static PostgresServer Open(string folder)
    {
        folder = Path.GetFullPath(folder);
        return new PostgresServer(folder, ServerFile.Read(folder, Kind));
    }

    public string ConnectionString(string database, string user = Superuser) => new NpgsqlConnectionStringBuilder
    {
        Host = "127.0.0.1",
        Port = Port,
        Database = database,
        Username = user,
        Password = Password,
        SslMode = SslMode.Disable,
        GssEncryptionMode = GssEncryptionMode.Disable,
    }.ConnectionString;

    /// <summary>Returns when it answers. Does nothing when it runs.</summary>
    /// <exception cref="ServerException">It does not come up.</exception>
    public async Task StartAsync(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (IsRunning)
        {
            return;
        }

        try
        {
            // Not cancelled half way: a daemon that has just forked is in no pid file, and nobody could stop it.
            string[] arguments = ["start", "--pgdata", files, "--log", log, "--wait", "--timeout", "30", "--silent"];
            await ServerAccount.RunAsync(ServerPrograms.Find().PgCtl, arguments, CancellationToken.None).ConfigureAwait(false);
        }
        catch (ServerException failure)
        {
            throw new ServerException($"{Name} does not start: {failure.Message}\n{LogTail.OfFile(log)}", failure);
        }
    }

    /// <summary>Returns when it has ended. Sessions are cut off either way.</summary>
    /// <param name="immediate">Without a checkpoint, as in a crash: the next start recovers.</param>
    /// <exception cref="ServerException">It does not end.</exception>
    public async Task StopAsync(bool immediate, CancellationToken cancellation)
    {
        if (!IsRunning)
        {
            return;
        }

        var mode = immediate ? "immediate" : "fast";
        string[] arguments = ["stop", "--pgdata", files, "--mode", mode, "--wait", "--timeout", "30", "--silent"];
        try
        {
            await ServerAccount.RunAsync(ServerPrograms.Find().PgCtl, arguments, cancellation).ConfigureAwait(false);
        }
        catch (ServerException failure) when (IsRunning)
        {
            throw new ServerException($"{Name} does not stop: {failure.Message}\n{LogTail.OfFile(log)}", failure);
        }
        catch (ServerException)
        {
            // It ended by itself while it was asked to.
        }
    }

    private async Task StartFirstAsync(CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            WriteSettings();
            try
            {
                await StartAsync(cancellation).ConfigureAwait(false);
                return;
            }
            catch (ServerException lostRace)
                when (attempt < PortAttempts && lostRace.Message.Contains("Address already in use", StringComparison.Ordinal))
            {
                File.Delete(log);
                settings = settings with { Port = FreePort.Next() };
            }
        }
    }

    // The file that wins over postgresql.conf. Thrown away with its folder, so nothing is forced to disk; what was committed survives
    // an immediate stop all the same, as the kernel has it. Shared memory lies in files of the folder and not in /dev/shm, where a
    // killed cluster would leave it.
    private void WriteSettings()
    {
        settings.Write(Folder);
        File.WriteAllText(Path.Combine(files, "postgresql.auto.conf"), string.Create(CultureInfo.InvariantCulture, $"""
            listen_addresses = '127.0.0.1'
            port = {Port}
            unix_socket_directories = ''
            max_connections = 100
            shared_buffers = '16MB'
            dynamic_shared_memory_type = mmap
            max_parallel_workers_per_gather = 0
            fsync = off
            full_page_writes = off
            min_wal_size = '16MB'
            max_wal_size = '64MB'
            wal_level = minimal
            max_wal_senders = 0
            log_checkpoints = off
            checkpoint_warning = 0
            jit = off

            """));
    }
}
