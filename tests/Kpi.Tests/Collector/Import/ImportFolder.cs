using System.Buffers.Binary;
using System.IO.Compression;

namespace Kpi.Tests.Collector.Import;

/// <summary>A folder for files to import, gone after the test.</summary>
internal sealed class ImportFolder : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("kpi-import-");

    public string Records => Path.Combine(folder.FullName, "imports");

    public string Database => Path.Combine(folder.FullName, "rollups.db");

    public string Write(string name, params ReadOnlySpan<byte> content)
    {
        var path = Path.Combine(folder.FullName, name);
        File.WriteAllBytes(path, content);
        return path;
    }

    /// <summary>As the Collector's file exporter writes bodies.</summary>
    public static byte[] Delimited(params IEnumerable<byte[]> bodies) => [.. bodies.SelectMany(Delimited)];

    public static byte[] Gzip(byte[] content)
    {
        using var into = new MemoryStream();
        using (var gzip = new GZipStream(into, CompressionLevel.Fastest))
        {
            gzip.Write(content);
        }

        return into.ToArray();
    }

    public void Dispose() => folder.Delete(recursive: true);

    private static byte[] Delimited(byte[] body)
    {
        var length = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, body.Length);
        return [.. length, .. body];
    }
}
