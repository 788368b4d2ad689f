using System.Runtime.CompilerServices;
using Kpi.Rollups.Intake;

namespace Kpi.Collector.Spans;

/// <summary>Counts of one request, kept apart until it is certain that the request counts at all.</summary>
internal struct SpanTally
{
    private const int ReasonCount = (int)RejectReason.SeriesOverflow + 1;

    private Counts counts;

    /// <summary>Spans in the request.</summary>
    public int Spans { get; set; }

    /// <summary>Spans among them that were not taken.</summary>
    public int Rejected { get; private set; }

    public readonly int this[RejectReason reason] => counts[(int)reason];

    /// <summary>Counts a span that was not taken.</summary>
    public void Reject(RejectReason reason)
    {
        Rejected++;
        Count(reason);
    }

    /// <summary>Counts a remark.</summary>
    public void Count(RejectReason reason) => counts[(int)reason]++;

    /// <summary>Adds everything to the process's counts.</summary>
    public readonly void AddTo(IntakeTally intake, long receivedNanos)
    {
        intake.Take(Spans - Rejected, receivedNanos);
        for (var i = 0; i < ReasonCount; i++)
        {
            intake.Count((RejectReason)i, counts[i]);
        }
    }

    /// <summary>For the sender: <c>3 of 10 spans rejected: invalid_id 2, too_old 1</c>.</summary>
    public readonly string Describe()
    {
        var reasons = new List<string>();
        for (var i = 0; i < ReasonCount; i++)
        {
            if (counts[i] > 0 && !IntakeTally.IsRemark((RejectReason)i))
            {
                reasons.Add($"{IntakeTally.NameOf((RejectReason)i)} {counts[i]}");
            }
        }

        return $"{Rejected} of {Spans} spans rejected: {string.Join(", ", reasons)}";
    }

    [InlineArray(ReasonCount)]
    private struct Counts
    {
        private int first;
    }
}
