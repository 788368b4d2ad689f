using System.Text;
using Kpi.Collector.Otlp.Json;
using Kpi.Rollups.Intake;

namespace Kpi.Collector.Import;

/// <summary>A file to import.</summary>
/// <param name="Path">Where it lies; read twice, so it must be a regular file.</param>
/// <param name="Signal">What its bodies are. In protobuf bytes do not tell, as all look alike at the top; a line of JSON that says what it is goes by that.</param>
public sealed record ImportFile(string Path, TelemetrySignal Signal)
{
    private const int MostLooked = 64 << 20;

    /// <summary>
    /// The signal that a file's name tells: the one of <c>traces</c>, <c>metrics</c>, <c>logs</c> that is a word of it, as in
    /// <c>shop.traces.pb</c> or <c>metrics-2026-11-01.gz</c>; null when none is, or several are.
    /// </summary>
    public static TelemetrySignal? SignalOf(string path)
    {
        var found = Words(System.IO.Path.GetFileName(path)).Select(Named).Where(s => s is not null).Distinct().ToList();
        return found.Count == 1 ? found[0] : null;
    }

    /// <summary>The signal that the beginning of a file of JSON tells; null when it tells none, is not JSON, or cannot be read.</summary>
    public static TelemetrySignal? SignalWithin(string path)
    {
        try
        {
            using var file = BodyFile.Open(path, MostLooked);
            return file.TryRead(out var body) && file.Line is not null ? JsonSignal.Of(body.Span)?.Kind : null;
        }
        catch (Exception unreadable) when (unreadable is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            // Whoever reads it for good says what is wrong with it.
            return null;
        }
    }

    /// <summary>The signal of a name: <c>traces</c>, <c>metrics</c> or <c>logs</c> in any case; else null.</summary>
    public static TelemetrySignal? Named(string name) => name.ToLowerInvariant() switch
    {
        "traces" => TelemetrySignal.Traces,
        "metrics" => TelemetrySignal.Metrics,
        "logs" => TelemetrySignal.Logs,
        _ => null,
    };

    private static string[] Words(string name)
    {
        var words = new StringBuilder(name);
        for (var i = 0; i < words.Length; i++)
        {
            words[i] = char.IsLetter(words[i]) ? words[i] : ' ';
        }

        return words.ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries);
    }
}
