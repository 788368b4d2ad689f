namespace Kpi.SloEngine.Verdicts;

/// <summary>A verdict and what decided it.</summary>
internal sealed record Judgement(Verdict Verdict, VerdictReason Reason)
{
    /// <summary>Of a KPI without a source.</summary>
    public static Judgement NotMeasured { get; } = new(Verdict.NotMeasured, new NobodyMeasures());
}
