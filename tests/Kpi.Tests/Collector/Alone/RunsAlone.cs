namespace Kpi.Tests.Collector.Alone;

/// <summary>
/// Tests that measure the whole process: xunit runs them one at a time, after all collections that run in parallel have ended.
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class RunsAlone
{
    public const string Name = "runs alone";
}
