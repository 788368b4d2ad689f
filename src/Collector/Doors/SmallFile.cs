namespace Kpi.Collector.Doors;

/// <summary>Files of settings, whole in memory: 1 MiB each at most.</summary>
internal static class SmallFile
{
    private const int MostBytes = 1 << 20;

    /// <exception cref="IOException">One cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">One may not be read.</exception>
    /// <exception cref="InvalidDataException">One is larger.</exception>
    public static IReadOnlyList<byte[]> ReadAll(IReadOnlyList<string> paths) => [.. paths.Select(Read)];

    private static byte[] Read(string path)
    {
        using var file = File.OpenRead(path);
        var bytes = new byte[MostBytes + 1];
        var length = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        return length <= MostBytes ? bytes[..length] : throw new InvalidDataException($"{path} is larger than {MostBytes} bytes");
    }
}
