using Kpi.SamplePlatform.Telemetry;

namespace Kpi.SamplePlatform.Faults.Switches;

/// <summary>A new version of the shop lists products more slowly. Affected: requests delayed.</summary>
internal sealed class SlowRelease(ShopTelemetry telemetry, TimeProvider time) : FaultSwitch("slow-release")
{
    private const string SlowVersion = "1.1.0";

    private string usual = telemetry.Version;

    public override FaultSize Size { get; } = new(0.3, 0.001, 10, "seconds");

    public async Task DelayAsync(CancellationToken cancellation)
    {
        if (Current is { } entry)
        {
            var start = time.GetTimestamp();
            try
            {
                await Task.Delay(TimeSpan.FromSeconds(entry.Size!.Value), time, cancellation).ConfigureAwait(false);
            }
            finally
            {
                entry.Count(time.GetElapsedTime(start));
            }
        }
    }

    protected override Task BeginAsync(FaultEntry entry, CancellationToken cancellation)
    {
        usual = telemetry.Version;
        telemetry.Replace(SlowVersion);
        return Task.CompletedTask;
    }

    protected override Task EndAsync(CancellationToken cancellation)
    {
        telemetry.Replace(usual);
        return Task.CompletedTask;
    }
}
