using System.Text.Json;

namespace Kpi.Tests.Collector;

/// <summary>The bodies and frames of <c>tests/data</c>.</summary>
internal static class WireFiles
{
    /// <summary>Protobuf and gRPC frames.</summary>
    public const string Wire = "otlp/wire";

    /// <summary>Bodies in JSON and the same in protobuf.</summary>
    public const string Json = "otlp/json";

    /// <summary>Bodies in JSON at the edge of the rules.</summary>
    public const string JsonEdge = "otlp/json-edge";

    /// <summary>JSON of any kind.</summary>
    public const string AnyJson = "json";

    private static readonly string Folder = Find();

    public static byte[] Read(string file, string folder = Wire) => File.ReadAllBytes(Path.Combine(Folder, folder, file));

    public static IEnumerable<string> Names(string folder, string pattern) =>
        Directory.EnumerateFiles(Path.Combine(Folder, folder), pattern).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal);

    public static JsonElement Manifest(string folder = Wire)
    {
        using var manifest = JsonDocument.Parse(Read("manifest.json", folder));
        return manifest.RootElement.Clone();
    }

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var data = Path.Combine(folder.FullName, "tests", "data");
            if (Directory.Exists(Path.Combine(data, Wire)))
            {
                return data;
            }
        }

        throw new DirectoryNotFoundException("tests/data");
    }
}
