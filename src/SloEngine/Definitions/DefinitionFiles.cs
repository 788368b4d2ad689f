namespace Kpi.SloEngine.Definitions;

/// <summary>The files of the alerts folder as they were at one moment.</summary>
internal sealed record DefinitionFiles(DefinitionFile Tiers, DefinitionFile Kpis, DefinitionFile? Labels)
{
    public const string TiersName = "tiers.yaml";
    public const string KpisName = "kpis.yaml";

    /// <summary>A file that need not be there.</summary>
    public const string LabelsName = "labels.yaml";

    public static DefinitionFiles Read(string folder) =>
        new(DefinitionFile.Read(folder, TiersName), DefinitionFile.Read(folder, KpisName), DefinitionFile.ReadIfThere(folder, LabelsName));

    public bool SameAs(DefinitionFiles other) => Tiers.SameAs(other.Tiers) && Kpis.SameAs(other.Kpis)
        && (Labels is null || other.Labels is null ? Labels == other.Labels : Labels.SameAs(other.Labels));
}
