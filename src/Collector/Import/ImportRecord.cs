using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Kpi.Collector.Import;

/// <summary>
/// What must stay the same when an import is run again: when it was begun, by which times are judged, and the order of its files,
/// in which running totals follow each other. Format: <c>docs/import.md</c>.
/// </summary>
/// <param name="Begun">When it was begun first.</param>
/// <param name="Files">The contents in the order in which they are counted.</param>
internal sealed record ImportRecord(DateTimeOffset Begun, IReadOnlyList<FileContent> Files)
{
    private const string FirstLine = "kpi import 1";

    /// <summary>The id under which the file set's flushes are committed: the same contents in any order have the same.</summary>
    public static Guid WriterOf(IEnumerable<FileContent> files)
    {
        var lines = string.Join('\n', files.Select(f => f.ToString()).Order(StringComparer.Ordinal));
        return new Guid(SHA256.HashData(Encoding.ASCII.GetBytes(lines)).AsSpan(0, 16));
    }

    /// <exception cref="InvalidDataException">It is none of this version.</exception>
    public static ImportRecord Parse(string text, string path)
    {
        var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        if (lines is not [FirstLine, var begun, .. var files]
            || !DateTimeOffset.TryParseExact(begun, "O", CultureInfo.InvariantCulture, DateTimeStyles.None, out var at))
        {
            throw new InvalidDataException($"{path} is no record of an import that this program knows");
        }

        return new ImportRecord(at, [.. files.Select(f => ParseFile(f, path))]);
    }

    public string Format() => string.Join(
        '\n', [FirstLine, Begun.ToString("O", CultureInfo.InvariantCulture), .. Files.Select(f => f.ToString()), ""]);

    private static FileContent ParseFile(string line, string path) =>
        line.Split(' ') is [var signal, { Length: 2 * SHA256.HashSizeInBytes } digest] && ImportFile.Named(signal) is { } named
            ? new FileContent(named, digest)
            : throw new InvalidDataException($"{path} is no record of an import that this program knows: '{line}'");
}
