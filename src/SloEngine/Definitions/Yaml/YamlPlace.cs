namespace Kpi.SloEngine.Definitions.Yaml;

/// <summary>Where something stands in a file; both numbers 1-based, as an editor shows them.</summary>
internal readonly record struct YamlPlace(int Line, int Column)
{
    public static YamlPlace Start => new(1, 1);
}
