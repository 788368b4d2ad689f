using System.Text.Json;

namespace Kpi.Tests.Collector;

/// <summary>The bodies and frames of <c>tests/data/otlp/wire</c>.</summary>
internal static class WireFiles
{
    private static readonly string Folder = Find();

    public static byte[] Read(string file) => File.ReadAllBytes(Path.Combine(Folder, file));

    public static JsonElement Manifest()
    {
        using var manifest = JsonDocument.Parse(Read("manifest.json"));
        return manifest.RootElement.Clone();
    }

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var data = Path.Combine(folder.FullName, "tests", "data", "otlp", "wire");
            if (Directory.Exists(data))
            {
                return data;
            }
        }

        throw new DirectoryNotFoundException("tests/data/otlp/wire");
    }
}
