namespace Kpi.EndToEnd.Senders;

/// <summary>
/// Ten thousand requests and two thousand queries whose every figure is known. Durations grow exponentially from request to
/// request; some stand exactly on targets. Statuses are strewn over them, so that no figure depends on another.
/// </summary>
internal sealed class KnownTraffic
{
    public const int Requests = 10_000;
    public const int Errors = 37;
    public const int NotFound = 200;
    public const int Aborted = 50;
    public const int Queries = 2_000;

    private readonly TimeSpan[] requests;
    private readonly TimeSpan[] queries;
    private readonly DateTime end;

    public KnownTraffic(DateTime end)
    {
        this.end = end;

        // 5 ms to 165 ms, then 20 slow ones; forty stand on the targets of 100 and 150 ms to the tick.
        requests = [.. Enumerable.Range(0, Requests).Select(i => i switch
        {
            >= Requests - 20 => Milliseconds(250 + i - Requests),
            _ when i % 500 == 0 => Milliseconds(100),
            _ when i % 500 == 1 => Milliseconds(150),
            _ => Milliseconds(5 * Math.Exp(3.5 * i / Requests)),
        })];

        // 1 ms to 20 ms.
        queries = [.. Enumerable.Range(0, Queries).Select(i => Milliseconds(Math.Exp(3.0 * i / Queries)))];
    }

    /// <summary>The order statistic ⌈q·n⌉ of the requests, in seconds.</summary>
    public double RequestQuantile(double q) => Quantile(requests, q);

    public double QueryQuantile(double q) => Quantile(queries, q);

    public double RequestSeconds => requests.Sum(d => d.TotalSeconds);

    public double QuerySeconds => queries.Sum(d => d.TotalSeconds);

    /// <summary>Share of requests that lasted at most so long.</summary>
    public double RequestShare(double seconds) => Share(requests, seconds);

    public double QueryShare(double seconds) => Share(queries, seconds);

    /// <summary>Everything, in an order that mixes fast and slow, ending within the minute before <c>end</c>.</summary>
    public IEnumerable<SentRequest> Spans()
    {
        var order = Enumerable.Range(0, Requests).ToArray();
        new Random(20).Shuffle(order);
        for (var place = 0; place < Requests; place++)
        {
            yield return SentRequest.Http(StatusAt(place), requests[order[place]], EndAt(place, Requests));
        }

        for (var place = 0; place < Queries; place++)
        {
            yield return SentRequest.Query(queries[place], EndAt(place, Queries));
        }
    }

    private static int StatusAt(int place) => place switch
    {
        < Errors => 500,
        < Errors + NotFound => 404,
        < Errors + NotFound + Aborted => 499,
        _ => 200,
    };

    private static double Quantile(TimeSpan[] durations, double q) =>
        durations.Order().ElementAt((int)Math.Ceiling(q * durations.Length) - 1).TotalSeconds;

    private static double Share(TimeSpan[] durations, double seconds) =>
        (double)durations.Count(d => d.TotalSeconds <= seconds) / durations.Length;

    private static TimeSpan Milliseconds(double milliseconds) => TimeSpan.FromTicks((long)(milliseconds * TimeSpan.TicksPerMillisecond));

    private DateTime EndAt(int place, int of) => end - (TimeSpan.FromMinutes(1) * place / of);
}
