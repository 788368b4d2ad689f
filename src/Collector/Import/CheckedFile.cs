using Kpi.Rollups.Intake;

namespace Kpi.Collector.Import;

/// <summary>A file that was read to its end and is sound as far as its form goes.</summary>
/// <param name="Path">Where it lies.</param>
/// <param name="Content">What it is known by, whatever its name.</param>
internal sealed record CheckedFile(string Path, FileContent Content);

/// <summary>A content: the same bytes under two signals are two.</summary>
/// <param name="Signal">What its bodies are.</param>
/// <param name="Digest">SHA-256 of the file in hexadecimal digits.</param>
internal readonly record struct FileContent(TelemetrySignal Signal, string Digest)
{
    public override string ToString() => $"{Signal.ToString().ToLowerInvariant()} {Digest}";
}
