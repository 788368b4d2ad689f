using System.Globalization;
using Kpi.Collector.Import;
using Kpi.Rollups.Intake;

namespace Kpi.Program.Import;

/// <summary>What became of an import, in words.</summary>
internal static class ImportReport
{
    /// <summary>Whether something was not taken.</summary>
    public static bool HasFindings(ImportSummary summary) =>
        summary.Refused > 0 || Reasons(summary).Any(r => !IntakeTally.IsRemark(r.Reason));

    public static void Write(TextWriter to, ImportSummary summary, int files, TimeSpan took)
    {
        var set = files == 1 ? "this file" : $"these {files} files";
        if (summary.WasThere)
        {
            to.WriteLine($"already imported: {set}; nothing was done");
            return;
        }

        var goesOn = summary.GoesOn ? ", going on where an earlier run was cut off" : "";
        to.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"imported {summary.Bodies:N0} bodies of {set} in {took.TotalSeconds:F1} s{goesOn}"));
        var intake = summary.Intake;
        Line(to, "spans taken", intake.AcceptedOf(TelemetrySignal.Traces));
        Line(to, "data points taken", intake.AcceptedOf(TelemetrySignal.Metrics));
        Line(to, "log records taken", intake.AcceptedOf(TelemetrySignal.Logs));
        foreach (var (reason, times) in Reasons(summary))
        {
            Line(to, $"{(IntakeTally.IsRemark(reason) ? "remark" : "rejected")}: {IntakeTally.NameOf(reason)}", times);
        }

        Line(to, "rejected: increments older than all that is kept", summary.Refused);
        foreach (var place in summary.Malformed)
        {
            to.WriteLine($"  malformed: {place}");
        }
    }

    private static IEnumerable<(RejectReason Reason, long Times)> Reasons(ImportSummary summary) =>
        Enum.GetValues<RejectReason>().Select(r => (Reason: r, Times: summary.Intake[r])).Where(r => r.Times > 0);

    private static void Line(TextWriter to, string what, long times)
    {
        if (times > 0)
        {
            to.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {what}: {times:N0}"));
        }
    }
}
