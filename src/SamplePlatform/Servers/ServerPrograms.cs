using System.Globalization;

namespace Kpi.SamplePlatform.Servers;

/// <summary>Where PostgreSQL and Redis are installed: <c>initdb</c> and <c>pg_ctl</c> in one folder, and <c>redis-server</c>.</summary>
internal sealed record ServerPrograms(string PostgresFolder, string RedisServer)
{
    // Debian keeps the programs of each version in a folder of its own and only the clients on the path.
    private const string DebianRoot = "/usr/lib/postgresql";

    public string InitDb => Path.Combine(PostgresFolder, "initdb");

    public string PgCtl => Path.Combine(PostgresFolder, "pg_ctl");

    /// <exception cref="ServerException">One is not installed; the message names its Debian package.</exception>
    public static ServerPrograms Find()
    {
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries);
        return Find(DebianRoot, [.. path, "/usr/bin", "/usr/local/bin"]);
    }

    /// <summary>Looks in folders of one's own choice; the newest version below <paramref name="debianRoot"/> wins.</summary>
    public static ServerPrograms Find(string debianRoot, IReadOnlyList<string> path)
    {
        var postgres = Versions(debianRoot).Concat(path)
            .FirstOrDefault(folder => IsThere(Path.Combine(folder, "pg_ctl")) && IsThere(Path.Combine(folder, "initdb")));
        var redis = path.Select(folder => Path.Combine(folder, "redis-server")).FirstOrDefault(IsThere);
        var missing = new List<string>();
        if (postgres is null)
        {
            missing.Add("postgresql");
        }

        if (redis is null)
        {
            missing.Add("redis-server");
        }

        var (named, packages) = (string.Join(" and ", missing), string.Join(' ', missing));
        return missing.Count == 0
            ? new ServerPrograms(postgres!, redis!)
            : throw new ServerException($"missing: {named}. Install with: sudo apt-get install {packages}");
    }

    // File.Exists is content with a link whose target is gone, as an uninstalled version leaves behind.
    private static bool IsThere(string program) =>
        File.Exists(program) && (File.ResolveLinkTarget(program, returnFinalTarget: true)?.Exists ?? true);

    private static IEnumerable<string> Versions(string root) => !Directory.Exists(root) ? [] : Directory.EnumerateDirectories(root)
        .OrderByDescending(folder => int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var version) ? version : 0)
        .Select(folder => Path.Combine(folder, "bin"));
}
