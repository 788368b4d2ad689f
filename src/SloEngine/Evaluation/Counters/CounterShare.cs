namespace Kpi.SloEngine.Evaluation.Counters;

/// <summary>A KPI that reads a counter.</summary>
/// <param name="Kpi">Its position in the catalogue.</param>
/// <param name="Into">The sums of the KPI that the counter adds to.</param>
/// <param name="Sums">How many sums the KPI has.</param>
internal sealed record CounterShare(int Kpi, int[] Into, int Sums);
