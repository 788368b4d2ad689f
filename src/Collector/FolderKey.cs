using System.Security.Cryptography;

namespace Kpi.Collector;

/// <summary>A secret key that a folder keeps, so that what was made with it means the same after a restart.</summary>
public static class FolderKey
{
    /// <summary>Reads the key of a name, or makes one that only its owner can read.</summary>
    /// <param name="folder">Where it lies; made if need be.</param>
    /// <param name="name">Its file.</param>
    /// <param name="bytes">How long it is; one of another length is made anew.</param>
    /// <exception cref="IOException">It can be neither read nor made.</exception>
    public static byte[] Of(string folder, string name, int bytes)
    {
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, name);
        if (File.Exists(path) && File.ReadAllBytes(path) is var known && known.Length == bytes)
        {
            return known;
        }

        var made = RandomNumberGenerator.GetBytes(bytes);
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using var stream = new FileStream(path, options);
        stream.Write(made);
        stream.Flush(flushToDisk: true);
        return made;
    }
}
