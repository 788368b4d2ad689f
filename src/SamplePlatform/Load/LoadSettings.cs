namespace Kpi.SamplePlatform.Load;

/// <summary>What <c>load</c> was asked for.</summary>
/// <param name="Length">Requests due later are not sent; null: until it is told to stop.</param>
/// <param name="ReportFile">Where the report goes, as JSON.</param>
internal sealed record LoadSettings(Uri Target, LoadPreset Preset, int Seed, TimeSpan? Length, string? ReportFile);
