using System.Diagnostics;
using Npgsql;

namespace Kpi.Tests.SamplePlatform;

/// <summary>Waits for servers: tries again, also after a database error, until a deadline.</summary>
internal static class Eventually
{
    public static async Task TrueAsync(Func<Task<bool>> condition)
    {
        for (var started = Stopwatch.GetTimestamp(); ;)
        {
            try
            {
                if (await condition())
                {
                    return;
                }

                Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(15), "waited for 15 s");
            }
            catch (Exception e) when (e is NpgsqlException or Kpi.SamplePlatform.Sharding.ShardUnavailableException
                && Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(15))
            {
                // not yet
            }

            await Task.Delay(10);
        }
    }
}
