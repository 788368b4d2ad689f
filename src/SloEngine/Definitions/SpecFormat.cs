using Kpi.SloEngine.Definitions.Yaml;

namespace Kpi.SloEngine.Definitions;

/// <summary>What all definition files have in common: the version of their format.</summary>
internal static class SpecFormat
{
    private const long Version = 1;

    public static void ReadVersion(SpecMap spec)
    {
        if (spec.Whole("version") is { } version and not Version)
        {
            spec.Problems.Add(spec.Tree("version")!.Place, $"this program reads version {Version} of the format, found {version}");
        }
    }
}
