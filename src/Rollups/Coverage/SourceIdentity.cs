using Kpi.Rollups.Identity;

namespace Kpi.Rollups.Coverage;

/// <summary>
/// Who sends running totals, again and again, whether anything happened or not: an OTLP resource, as its series' labels name it.
/// </summary>
/// <param name="Name"><c>service.name</c>; never empty.</param>
/// <param name="Namespace"><c>service.namespace</c>; empty without one.</param>
/// <param name="Environment"><c>deployment.environment.name</c>; empty without one.</param>
/// <param name="Instance"><c>service.instance.id</c>; empty without one.</param>
public sealed record SourceIdentity(string Name, string Namespace, string Environment, string Instance)
{
    /// <summary>The label of a resource's namespace.</summary>
    public const string NamespaceLabel = "service.namespace";

    /// <summary>The label of a resource's environment.</summary>
    public const string EnvironmentLabel = "deployment.environment.name";

    /// <summary>The label that tells instances of a service apart.</summary>
    public const string InstanceLabel = "service.instance.id";

    /// <summary>Who would be the source of a series; null for one made of spans, which come when something happens and else do not.</summary>
    public static SourceIdentity? Of(Series series)
    {
        ArgumentNullException.ThrowIfNull(series);
        var labels = series.Labels;
        return labels[LabelNames.From] is not null || labels[LabelNames.ServiceName] is not { } name
            ? null
            : new SourceIdentity(name, labels[NamespaceLabel] ?? "", labels[EnvironmentLabel] ?? "", labels[InstanceLabel] ?? "");
    }
}
