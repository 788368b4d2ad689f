using Kpi.SloEngine.Evaluation.Counters;

namespace Kpi.SloEngine.Evaluation;

/// <summary>What a series means to the figures under one version of the definitions.</summary>
/// <param name="Service">The service whose requests it counts; null when it does not count server-side requests.</param>
/// <param name="Outcome">What its requests count as.</param>
/// <param name="Kpis">Positions, in the catalogue, of the KPIs that count it as a distribution.</param>
/// <param name="Source"><c>spans</c> or <c>metrics</c>.</param>
internal sealed record SeriesRole(string? Service, RequestOutcome Outcome, int[] Kpis, string Source)
{
    /// <summary>The source of what senders measured themselves.</summary>
    public const string FromMetrics = "metrics";

    /// <summary>What it measures that both metrics and spans tell of; null when there is no such thing.</summary>
    public MeasuredTwice? Twice { get; init; }

    /// <summary>For each of <see cref="Kpis"/> the value of the label by which it names its worst; null where there is none.</summary>
    public string?[] Groups { get; init; } = new string?[Kpis.Length];

    /// <summary>What it adds to as a counter.</summary>
    public CounterShare[] Counters { get; init; } = [];

    /// <summary>Whether any figure counts it.</summary>
    public bool IsCounted => Service is not null || Kpis.Length > 0 || Counters.Length > 0;
}
