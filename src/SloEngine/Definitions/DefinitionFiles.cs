namespace Kpi.SloEngine.Definitions;

/// <summary>The files of the alerts folder as they were at one moment.</summary>
internal sealed record DefinitionFiles(DefinitionFile Tiers, DefinitionFile Kpis)
{
    public const string TiersName = "tiers.yaml";
    public const string KpisName = "kpis.yaml";

    public static DefinitionFiles Read(string folder) =>
        new(DefinitionFile.Read(folder, TiersName), DefinitionFile.Read(folder, KpisName));

    public bool SameAs(DefinitionFiles other) => Tiers.SameAs(other.Tiers) && Kpis.SameAs(other.Kpis);
}
