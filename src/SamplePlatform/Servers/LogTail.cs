namespace Kpi.SamplePlatform.Servers;

/// <summary>The end of a log, short enough for a message.</summary>
internal static class LogTail
{
    private const int Lines = 8;
    private const int MostBytes = 8 * 1024;

    public static string Of(string text)
    {
        var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return lines.Length == 0 ? "(it wrote nothing)" : string.Join('\n', lines.TakeLast(Lines));
    }

    /// <summary>The last lines of a file; of one that is not there or cannot be read, a word about that.</summary>
    public static string OfFile(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            file.Seek(-Math.Min(file.Length, MostBytes), SeekOrigin.End);
            using var reader = new StreamReader(file);
            return Of(reader.ReadToEnd());
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return $"(no log: {unreadable.Message})";
        }
    }
}
