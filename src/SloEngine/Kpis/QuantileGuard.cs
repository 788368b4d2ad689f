namespace Kpi.SloEngine.Kpis;

/// <summary>
/// A guard behind a quantile target: <paramref name="Quantile"/> of the events must be within <paramref name="Factor"/> × target, so that a
/// good P95 cannot hide a terrible P99.
/// </summary>
/// <param name="Quantile">In (0,1).</param>
/// <param name="Factor">At least 1.</param>
public sealed record QuantileGuard(double Quantile, double Factor)
{
    /// <summary>
    /// The guard's limit in the target's unit. Multiplied in decimal: 2.5 × 0.02 must be the edge 0.05, not its neighbour.
    /// </summary>
    public double LimitFor(double target) => (double)((decimal)Factor * (decimal)target);
}
