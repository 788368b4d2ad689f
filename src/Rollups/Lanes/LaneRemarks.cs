using Kpi.Rollups.Intake;

namespace Kpi.Rollups.Lanes;

/// <summary>What a lane finds out about the points of a batch, counted once it is through. One thread at a time.</summary>
internal sealed class LaneRemarks(IntakeTally intake)
{
    private readonly long[] counts = new long[Enum.GetValues<RejectReason>().Length];
    private bool any;

    public void Note(RejectReason? remark)
    {
        if (remark is { } reason)
        {
            counts[(int)reason]++;
            any = true;
        }
    }

    /// <summary>Counts what was noted.</summary>
    public void Publish()
    {
        if (any)
        {
            for (var i = 0; i < counts.Length; i++)
            {
                intake.Count(TelemetrySignal.Metrics, (RejectReason)i, counts[i]);
            }

            Array.Clear(counts);
            any = false;
        }
    }
}
