namespace Kpi.SloEngine.Verdicts;

/// <summary>The verdicts as the JSON of the scorecard writes them.</summary>
public static class VerdictNames
{
    /// <summary>pass, fail, at_risk, insufficient_data or not_measured.</summary>
    public static string WireName(this Verdict verdict) => verdict switch
    {
        Verdict.Pass => "pass",
        Verdict.AtRisk => "at_risk",
        Verdict.Fail => "fail",
        Verdict.InsufficientData => "insufficient_data",
        _ => "not_measured",
    };
}
