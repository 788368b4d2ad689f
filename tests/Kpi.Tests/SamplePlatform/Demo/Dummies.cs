using Kpi.SamplePlatform.Demo;
using Kpi.Tests.Collector;

namespace Kpi.Tests.SamplePlatform.Demo;

/// <summary>A parent folder for demos, and processes that stand for their parts.</summary>
internal sealed class Dummies : IDisposable
{
    private readonly List<DemoPart> parts = [];

    public string Parent { get; } = Directory.CreateTempSubdirectory("kpi-demos-").FullName;

    public static IReadOnlyDictionary<string, string?> NoChanges { get; } = new Dictionary<string, string?>();

    public async Task<DemoPart> StartAsync(DemoFolder folder, string name, string shell = "sleep 1000")
    {
        var part = DemoPart.Start(folder, name, "bash", ["-c", shell], NoChanges);
        parts.Add(part);
        await Wait.UntilAsync(() => File.Exists(folder.In(name + ".log")));
        return part;
    }

    public void Dispose()
    {
        foreach (var part in parts)
        {
            part.StopAsync().GetAwaiter().GetResult();
            part.Dispose();
        }

        Directory.Delete(Parent, recursive: true);
    }
}
