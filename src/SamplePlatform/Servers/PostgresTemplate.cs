namespace Kpi.SamplePlatform.Servers;

/// <summary>
/// The files of a fresh cluster, made once by <c>initdb</c> (a second or two) and copied for every cluster after it (a tenth of that).
/// Its copies share the superuser's password.
/// </summary>
internal sealed record PostgresTemplate(string Files, string Password)
{
    private const string FilesName = "data";

    /// <summary>Makes the folder and the cluster's files in it. On failure nothing is left.</summary>
    /// <exception cref="ServerException">It could not be made, such as on a full disk.</exception>
    public static async Task<PostgresTemplate> CreateAsync(string folder, CancellationToken cancellation)
    {
        await ServerAccount.CreateFolderAsync(folder, cancellation).ConfigureAwait(false);
        try
        {
            return await InitialiseAsync(folder, cancellation).ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            var space = DiskSpace.Hint(folder);
            Directory.Delete(folder, recursive: true);
            throw failure is OperationCanceledException ? failure : new ServerException($"PostgreSQL: {failure.Message}{space}", failure);
        }
    }

    /// <summary>Makes the cluster's files in an empty folder of the servers' account.</summary>
    public static async Task<PostgresTemplate> InitialiseAsync(string folder, CancellationToken cancellation)
    {
        var template = new PostgresTemplate(Path.Combine(folder, FilesName), ServerFile.NewPassword());

        // Root's file, to be read by the servers' account: the folder is what keeps the others out.
        var passwordFile = Path.Combine(folder, "initial");
        await File.WriteAllTextAsync(passwordFile, template.Password, cancellation).ConfigureAwait(false);
        string[] arguments =
        [
            "--pgdata", template.Files, "--pwfile", passwordFile, "--username", PostgresServer.Superuser, "--auth", "scram-sha-256",
            "--encoding", "UTF8", "--locale", "C", "--wal-segsize", "4", "--no-sync", "--no-instructions",
        ];
        await ServerAccount.RunAsync(ServerPrograms.Find().InitDb, arguments, cancellation).ConfigureAwait(false);
        File.Delete(passwordFile);
        return template;
    }

    /// <summary>Copies the files into another folder of the servers' account.</summary>
    public async Task<PostgresTemplate> CopyAsync(string folder, CancellationToken cancellation)
    {
        var copy = this with { Files = Path.Combine(folder, FilesName) };
        await ServerAccount.RunAsync("cp", ["-a", "--", Files, copy.Files], cancellation).ConfigureAwait(false);
        return copy;
    }
}
