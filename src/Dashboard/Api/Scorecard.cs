using Kpi.SloEngine.Status;

namespace Kpi.Dashboard.Api;

/// <summary>The answer of <c>GET /api/scorecard</c>.</summary>
/// <param name="At">When it was evaluated.</param>
/// <param name="Window">The window asked for.</param>
/// <param name="From">Begin of the window, not inside.</param>
/// <param name="To">End of the window, inside: the next 10 s edge.</param>
/// <param name="Watermark">Up to when all live sources have been heard; null before anybody listened.</param>
/// <param name="Tier">Where the platform stands.</param>
/// <param name="Kpis">All KPIs.</param>
internal sealed record Scorecard(
    DateTimeOffset At,
    string Window,
    DateTimeOffset From,
    DateTimeOffset To,
    DateTimeOffset? Watermark,
    TierStatus Tier,
    IReadOnlyList<KpiStatus> Kpis)
{
    public static Scorecard Of(WindowStatus status) =>
        new(status.At, status.Window, status.From, status.To, status.Watermark, status.Tier, status.Kpis);
}
