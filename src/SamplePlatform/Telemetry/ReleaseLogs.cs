namespace Kpi.SamplePlatform.Telemetry;

/// <summary>
/// The provider behind every logger of the shop: passes records to the exporter of the release that runs now, and holds the log
/// level, which can be lowered while the shop runs.
/// </summary>
internal sealed class ReleaseLogs : ILoggerProvider
{
    private ILoggerFactory? exporter;
    private Action? debugWritten;

    /// <summary>Where records go from now on; null drops them.</summary>
    public void GoTo(ILoggerFactory? next) => Volatile.Write(ref exporter, next);

    /// <summary>DEBUG from now on.</summary>
    /// <param name="written">Called for every record below INFO.</param>
    public void EnableDebug(Action written) => Volatile.Write(ref debugWritten, written);

    public void DisableDebug() => Volatile.Write(ref debugWritten, null);

    public ILogger CreateLogger(string categoryName) => new ReleaseLogger(this, categoryName);

    public void Dispose() => GoTo(null);

    private sealed class ReleaseLogger(ReleaseLogs logs, string category) : ILogger
    {
        private Target? target;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) =>
            logLevel >= LogLevel.Information || (logLevel == LogLevel.Debug && Volatile.Read(ref logs.debugWritten) is not null);

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!IsEnabled(logLevel) || Volatile.Read(ref logs.exporter) is not { } exporter)
            {
                return;
            }

            if (logLevel == LogLevel.Debug)
            {
                Volatile.Read(ref logs.debugWritten)?.Invoke();
            }

            var current = Volatile.Read(ref target);
            if (current?.Exporter != exporter)
            {
                current = new Target(exporter, exporter.CreateLogger(category));
                Volatile.Write(ref target, current);
            }

            current.Logger.Log(logLevel, eventId, state, exception, formatter);
        }

        private sealed record Target(ILoggerFactory Exporter, ILogger Logger);
    }
}
