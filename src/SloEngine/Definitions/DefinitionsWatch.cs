namespace Kpi.SloEngine.Definitions;

/// <summary>
/// Holds the last good definitions while people edit the files. A caller's loop polls it (each second: two small files); there is no file
/// system watcher, because those miss changes on network mounts and in containers.
/// </summary>
/// <remarks>
/// One poll at a time; <see cref="Status"/> may be read from anywhere. Bytes are compared, not times: an edit that keeps length and time is
/// seen, and a touched file is not taken for an edited one.
/// </remarks>
public sealed class DefinitionsWatch
{
    private readonly DefinitionsReader reader;
    private readonly string folder;
    private readonly Lock polling = new();
    private DefinitionFiles lastSeen;
    private DefinitionFiles lastGood;
    private volatile DefinitionsStatus status;

    /// <summary>
    /// Starts from a reading without problems: with broken files there is nothing to hold on to, and the process must not start.
    /// </summary>
    /// <exception cref="ArgumentException">The first reading has problems.</exception>
    public DefinitionsWatch(DefinitionsReader reader, string alertsFolder, DefinitionsReading first)
    {
        ArgumentNullException.ThrowIfNull(first);
        var definitions = first.Definitions ?? throw new ArgumentException("the first reading has problems", nameof(first));
        this.reader = reader;
        folder = alertsFolder;
        lastSeen = lastGood = first.Files;
        status = new DefinitionsStatus(definitions, Version: 1, Problems: []);
    }

    /// <summary>What is in force now.</summary>
    public DefinitionsStatus Status => status;

    /// <summary>Reads the files; true when they have changed and a new <see cref="Status"/> is published.</summary>
    public bool Poll()
    {
        lock (polling)
        {
            var files = DefinitionFiles.Read(folder);
            if (files.SameAs(lastSeen))
            {
                return false;
            }

            lastSeen = files;
            status = StatusAfter_NeedsLock(files);
            return true;
        }
    }

    private DefinitionsStatus StatusAfter_NeedsLock(DefinitionFiles files)
    {
        if (files.SameAs(lastGood))
        {
            return status with { Problems = [] }; // the edit was taken back
        }

        var reading = reader.Read(files);
        if (reading.Definitions is not { } definitions)
        {
            return status with { Problems = reading.Problems };
        }

        lastGood = files;
        return new DefinitionsStatus(definitions, status.Version + 1, []);
    }
}
