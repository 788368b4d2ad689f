using System.Diagnostics.Metrics;

namespace Kpi.Dashboard;

/// <summary>What the dashboard tells about itself.</summary>
internal sealed class DashboardMetrics : IDisposable
{
    private readonly Meter meter = new("Kpi.Dashboard");
    private readonly Histogram<double> receiptToSend;
    private readonly TimeProvider clock;

    public DashboardMetrics(TimeProvider clock)
    {
        this.clock = clock;
        receiptToSend = meter.CreateHistogram<double>(
            "kpi.receipt_to_send.duration",
            "s",
            "From the receipt of the oldest body that a change shows first to the change being sent to a page");
    }

    /// <summary>Notes that a change was sent; 0 when it shows no new body.</summary>
    public void Sent(long oldestReceipt)
    {
        if (oldestReceipt != 0)
        {
            receiptToSend.Record(clock.GetElapsedTime(oldestReceipt).TotalSeconds);
        }
    }

    public void Dispose() => meter.Dispose();
}
