using System.Diagnostics;

namespace Kpi.Tests.Collector;

/// <summary>Waits for what another thread does.</summary>
internal static class Wait
{
    public static async Task UntilAsync(Func<bool> done)
    {
        for (var started = Stopwatch.GetTimestamp(); !done();)
        {
            Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(10), "waited for 10 s");
            await Task.Delay(5);
        }
    }
}
