using System.Net;
using Kpi.SamplePlatform.Load;

namespace Kpi.SamplePlatform.Demo;

/// <summary>What <c>demo</c> was asked for.</summary>
/// <param name="Length">Counted from ready; null: until it is told to stop.</param>
/// <param name="Page">Address of the page; null: 127.0.0.1:8080 when free, else a free port.</param>
/// <param name="KpiProgram">Path of the <c>kpi</c> program.</param>
/// <param name="AlertsFolder">Definitions to copy; the copy is set to the preset's tier.</param>
internal sealed record DemoSettings(LoadPreset Preset, TimeSpan? Length, IPEndPoint? Page, string KpiProgram, string AlertsFolder);
