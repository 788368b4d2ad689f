using Kpi.SamplePlatform.Telemetry;

namespace Kpi.SamplePlatform.Faults.Switches;

/// <summary>The log level goes down to DEBUG. Affected: DEBUG records written.</summary>
internal sealed class DebugLogging(ReleaseLogs logs) : FaultSwitch("debug-logging")
{
    protected override Task BeginAsync(FaultEntry entry, CancellationToken cancellation)
    {
        logs.EnableDebug(() => entry.Count());
        return Task.CompletedTask;
    }

    protected override Task EndAsync(CancellationToken cancellation)
    {
        logs.DisableDebug();
        return Task.CompletedTask;
    }
}
