namespace Kpi.SamplePlatform.Telemetry;

/// <summary>The shop's telemetry over the life of the process; a release can take the place of another while it runs.</summary>
internal sealed class ShopTelemetry : IDisposable
{
    private readonly TelemetryOptions options;
    private readonly Lock gate = new();
    private Release? release;

    public ShopTelemetry(TelemetryOptions options)
    {
        this.options = options;
        Version = options.Version;
        Begin(options.Version);
    }

    public ReleaseLogs Logs { get; } = new();

    public string Version { get; private set; }

    /// <summary>
    /// From now on everything is told as this version, by counters that begin at zero. The old release says its last first; what happens in
    /// between, some milliseconds, is told by neither, as when a process is replaced.
    /// </summary>
    public void Replace(string version)
    {
        lock (gate)
        {
            End();
            Begin(version);
        }
    }

    public void Dispose()
    {
        lock (gate)
        {
            End();
        }
    }

    private void Begin(string version)
    {
        Version = version;
        if (options.Enabled)
        {
            release = new Release(options, version);
            Logs.GoTo(release.Logs);
        }
    }

    private void End()
    {
        Logs.GoTo(null);
        release?.Dispose();
        release = null;
    }
}
