namespace Kpi.SloEngine.Definitions.Yaml;

/// <summary>Stops the reading of a file that is YAML but beyond our bounds; never leaves <see cref="YamlTreeReader"/>.</summary>
internal sealed class UnreadableYaml(YamlPlace place, string message) : Exception(message)
{
    public YamlPlace Place { get; } = place;
}
