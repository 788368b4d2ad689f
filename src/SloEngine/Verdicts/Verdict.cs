namespace Kpi.SloEngine.Verdicts;

/// <summary>What we say about a KPI at a tier. The later ones take precedence over the earlier ones.</summary>
public enum Verdict
{
    /// <summary>The whole 95 % interval meets the target, with more than a tenth of the allowance to spare.</summary>
    Pass,

    /// <summary>The interval straddles the target, or the target is met with little to spare, or callers give up too often.</summary>
    AtRisk,

    /// <summary>The whole 95 % interval misses the target.</summary>
    Fail,

    /// <summary>Measured, but too few events to claim that the target is met.</summary>
    InsufficientData,

    /// <summary>Nobody measures it.</summary>
    NotMeasured,
}
