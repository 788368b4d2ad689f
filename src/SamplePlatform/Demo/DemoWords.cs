using System.Globalization;
using System.Text.Json;
using Kpi.SamplePlatform.Load;

namespace Kpi.SamplePlatform.Demo;

/// <summary>What the launcher says to the person in front of it.</summary>
internal static class DemoWords
{
    public static void Welcome(DemoProgress progress, DemoPorts ports, DemoSettings settings)
    {
        var faults = $"http://{ports.Shop}/faults";
        var moved = ports.PageMoved ? $"   (port {DemoPorts.UsualPage.Port} is taken by another program)" : "";
        var end = settings.Length is { } length
            ? $"Ends after {length.TotalSeconds:0} s, or with Ctrl-C."
            : "Ctrl-C ends it and removes all of it.";
        progress.Say(string.Create(CultureInfo.InvariantCulture, $$"""

            ready after {{progress.Elapsed.TotalSeconds:0}} s

              page   http://{{ports.Page}}/{{moved}}
              shop   http://{{ports.Shop}}/   ({{settings.Preset.RequestsPerSecond:0.##}} requests/s of {{settings.Preset.Users:N0}} users)

            What to try, and what to look at on the page (choose the window 5m; a fault is seen for as long as it lies in the window):

              1. Every twentieth product page fails: the tile "Error rate", and the errors of the service "shop".
                   curl -X PUT {{faults}}/error-route -d '{"size": 0.05}'
              2. One of four shards answers 0.3 s late: "P99 latency" and "DB query time"; three quarters of the tenants notice nothing.
                   curl -X PUT {{faults}}/slow-shard -d '{"size": 0.3, "target": "shard-2"}'
              3. Redis is gone: "Cache hit ratio" falls and "DB query time" counts more queries; no request fails.
                   curl -X PUT {{faults}}/redis-stopped
              4. A shard is gone: a quarter of the tenants get errors, the others none.
                   curl -X PUT {{faults}}/stopped-shard -d '{"target": "shard-3"}'

              What the faults really did, to compare with the page:   curl {{faults}}
              To end one:                                             curl -X DELETE {{faults}}/error-route

            {{end}}
            """));
    }

    /// <summary>What the users sent, when they got as far as that.</summary>
    public static void Farewell(DemoProgress progress, string loadReport)
    {
        try
        {
            if (JsonSerializer.Deserialize<LoadReport>(File.ReadAllBytes(loadReport), JsonSerializerOptions.Web) is { } report)
            {
                progress.Say("the users " + report.Summary());
            }
        }
        catch (Exception none) when (none is IOException or JsonException)
        {
            // They had not begun, or could not write it to the end.
        }
    }
}
