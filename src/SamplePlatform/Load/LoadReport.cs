using System.Globalization;

namespace Kpi.SamplePlatform.Load;

/// <summary>What a run sent and what came back.</summary>
/// <param name="Seconds">From the start to the last scheduled start.</param>
/// <param name="AskedRate">Requests a second of the preset.</param>
/// <param name="AchievedRate">Requests a second that were sent.</param>
/// <param name="Planned">Requests whose time had come: <paramref name="Sent"/> + <paramref name="NotSent"/>.</param>
/// <param name="Sent">Of those, the ones that were sent.</param>
/// <param name="NotSent">Requests whose time came while too many were under way.</param>
/// <param name="Late">Requests sent more than 10 ms after their time.</param>
/// <param name="Ok">Answered with 2xx.</param>
/// <param name="Failed">Not answered: refused, cut, or out of time.</param>
/// <param name="Unfinished">Under way when the run ended and not waited for any longer.</param>
/// <param name="ByStatus">Answers by HTTP status.</param>
/// <param name="ByKind">Requests sent, by what they do.</param>
/// <param name="P50Seconds">Median from the scheduled start to the end of the answer, failures included; null without any.</param>
/// <param name="P99Seconds">The 99th percentile of the same.</param>
internal sealed record LoadReport(
    string Target,
    string Users,
    int Seed,
    double ZipfExponent,
    double Seconds,
    double AskedRate,
    double AchievedRate,
    long Planned,
    long Sent,
    long NotSent,
    long Late,
    long Ok,
    long Failed,
    long Unfinished,
    IReadOnlyDictionary<int, long> ByStatus,
    IReadOnlyDictionary<string, long> ByKind,
    double? P50Seconds,
    double? P99Seconds)
{
    /// <summary>In one line, for people.</summary>
    public string Summary() => string.Create(
        CultureInfo.InvariantCulture,
        $"sent {Sent:N0} requests in {Seconds:0} s ({AchievedRate:0.#}/s of {AskedRate:0.##}/s), "
        + $"{Ok:N0} fine, {Failed:N0} without an answer, {Late:N0} late, {NotSent:N0} not sent; "
        + $"p50 {P50Seconds * 1000 ?? 0:0.#} ms, p99 {P99Seconds * 1000 ?? 0:0.#} ms; "
        + $"{string.Join(", ", ByStatus.Select(s => $"{s.Key}: {s.Value}"))}");
}
