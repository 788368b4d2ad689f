namespace Kpi.SamplePlatform.Servers;

/// <summary>
/// Who the servers run as. PostgreSQL refuses to run as root, so root hands its commands to <c>postgres</c>, the account that comes
/// with the Debian package; anybody else runs them as themselves.
/// </summary>
internal static class ServerAccount
{
    private const string Postgres = "postgres";

    /// <summary>Makes a folder that belongs to the servers' account and is closed to all others but root.</summary>
    public static async Task CreateFolderAsync(string folder, CancellationToken cancellation)
    {
        if (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any())
        {
            throw new ServerException($"{folder} is not empty");
        }

        string[] owner = Environment.IsPrivilegedProcess ? ["-o", Postgres, "-g", Postgres] : [];
        await ServerCommand.RunAsync("install", ["-d", "-m", "700", .. owner, "--", folder], cancellation).ConfigureAwait(false);
    }

    /// <summary>Runs a program under the servers' account.</summary>
    public static Task<string> RunAsync(
        string program, IReadOnlyList<string> arguments, CancellationToken cancellation, string? input = null) =>
        Environment.IsPrivilegedProcess
            ? ServerCommand.RunAsync("runuser", ["-u", Postgres, "--", program, .. arguments], cancellation, input)
            : ServerCommand.RunAsync(program, arguments, cancellation, input);
}
