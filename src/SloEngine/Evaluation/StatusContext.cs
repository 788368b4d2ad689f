using Kpi.Rollups;
using Kpi.SloEngine.Definitions;
using Kpi.SloEngine.Status;
using Microsoft.Extensions.Logging;

namespace Kpi.SloEngine.Evaluation;

/// <summary>Definitions in force, and the roles of series under them.</summary>
internal sealed record RulesInForce(DefinitionsStatus Status, SeriesRoles Roles)
{
    /// <summary>Empty totals under these definitions.</summary>
    public WindowTotals NewTotals(WindowFrame frame) => new(Roles, Status.Current.Kpis.Kpis.Count, frame);
}

/// <summary>What all evaluations share: the definitions in force, the version counter, who we are.</summary>
internal sealed class StatusContext
{
    private readonly DefinitionsWatch watch;
    private readonly Rollup rollup;
    private readonly ILogger<StatusContext> log;
    private volatile RulesInForce rules;
    private long version;

    public StatusContext(DefinitionsWatch watch, Rollup rollup, IngestEndpoints endpoints, string build, ILogger<StatusContext> log)
    {
        this.watch = watch;
        this.rollup = rollup;
        this.log = log;
        Endpoints = endpoints;
        Build = build;
        rules = Adopt(watch.Status);
    }

    public RulesInForce Rules => rules;

    public IReadOnlyList<DefinitionProblem> Problems => watch.Status.Problems;

    public IngestEndpoints Endpoints { get; }

    public string Build { get; }

    public long NextVersion() => Interlocked.Increment(ref version);

    /// <summary>Looks at the files; true when anything changed, if only the problems.</summary>
    public bool PollDefinitions()
    {
        if (!watch.Poll())
        {
            return false;
        }

        foreach (var problem in watch.Status.Problems)
        {
            Log.DefinitionProblem(log, problem.ToString());
        }

        if (watch.Status.Version != rules.Status.Version)
        {
            rules = Adopt(watch.Status);
        }

        return true;
    }

    private RulesInForce Adopt(DefinitionsStatus status)
    {
        var roles = new SeriesRoles(status.Current);
        rollup.Catalog.DeclareEdges(roles.EdgesOf);
        rollup.Catalog.LabelPolicy = status.Current.Labels;
        return new RulesInForce(status, roles);
    }
}
