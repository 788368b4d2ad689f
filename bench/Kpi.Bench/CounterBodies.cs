using System.Globalization;
using System.Text;
using Google.Protobuf;
using Kpi.Rollups.Time;
using Kpi.Witness;

namespace Kpi.Bench;

/// <summary>100,000 running totals of one service: five metrics, each over 20,000 routes; as OTLP and as a page to scrape.</summary>
internal sealed class CounterBodies
{
    public const int Metrics = 5;
    public const int Routes = 20_000;
    public const int Series = Metrics * Routes;
    private const int PointsPerBody = 1_000;

    private readonly long start = UnixNanos.Now(TimeProvider.System).Value - 60_000_000_000L;
    private readonly List<ExportMetricsServiceRequest> requests = [];

    public CounterBodies()
    {
        for (var metric = 0; metric < Metrics; metric++)
        {
            for (var first = 0; first < Routes; first += PointsPerBody)
            {
                requests.Add(Request($"app.c{metric}", Enumerable.Range(first, PointsPerBody)));
            }
        }
    }

    /// <summary>The bodies of a round: every total has grown since the one before.</summary>
    public IEnumerable<byte[]> Round(int round)
    {
        var now = (ulong)UnixNanos.Now(TimeProvider.System).Value;
        foreach (var request in requests)
        {
            foreach (var (i, point) in request.ResourceMetrics[0].ScopeMetrics[0].Metrics[0].Sum.DataPoints.Index())
            {
                (point.TimeUnixNano, point.AsInt) = (now, (1_000L * round) + i);
            }

            yield return request.ToByteArray();
        }
    }

    /// <summary>The same series as text.</summary>
    public static byte[] Page(int round)
    {
        var text = new StringBuilder();
        for (var metric = 0; metric < Metrics; metric++)
        {
            text.Append(CultureInfo.InvariantCulture, $"# TYPE app_c{metric}_total counter\n");
            for (var route = 0; route < Routes; route++)
            {
                text.Append(CultureInfo.InvariantCulture,
                    $"app_c{metric}_total{{route=\"/api/v1/resource-{route}\",method=\"GET\",service_name=\"mem\"}} {(1_000L * round) + (route % PointsPerBody)}\n");
            }
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private ExportMetricsServiceRequest Request(string name, IEnumerable<int> routes)
    {
        var sum = new Sum { AggregationTemporality = AggregationTemporality.TemporalityCumulative, IsMonotonic = true };
        foreach (var route in routes)
        {
            sum.DataPoints.Add(new NumberDataPoint { StartTimeUnixNano = (ulong)start, Attributes = { Text("route", $"/api/v1/resource-{route}"), Text("method", "GET") } });
        }

        return new ExportMetricsServiceRequest
        {
            ResourceMetrics =
            {
                new ResourceMetrics
                {
                    Resource = new Resource { Attributes = { Text("service.name", "mem"), Text("service.instance.id", "a") } },
                    ScopeMetrics = { new ScopeMetrics { Metrics = { new Metric { Name = name, Sum = sum } } } },
                },
            },
        };
    }

    private static KeyValue Text(string key, string value) => new() { Key = key, Value = new AnyValue { StringValue = value } };
}
