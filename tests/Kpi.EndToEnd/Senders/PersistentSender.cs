using System.Net;
using System.Net.Http.Headers;
using Google.Protobuf;
using Kpi.Testing;
using Kpi.Witness;

namespace Kpi.EndToEnd.Senders;

/// <summary>Sends body after body over OTLP/HTTP, each until it is acknowledged, and knows what was.</summary>
internal sealed class PersistentSender(string name, Uri server, string path, Func<int, (IMessage Body, long Counts)> make)
{
    public const string DeltaMetric = "app.deltas";
    public const string TotalMetric = "app.totals";

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    public string Name => name;

    /// <summary>What must be counted.</summary>
    public long Acknowledged { get; private set; }

    public int Bodies { get; private set; }

    /// <summary>Attempts that got no answer, or were asked to come again.</summary>
    public int Retries { get; private set; }

    private static ulong Now => (ulong)(DateTime.UtcNow - DateTime.UnixEpoch).Ticks * 100;

    public static PersistentSender OfSpans(Uri server, int seed, int? spansPerBody = null)
    {
        var bodies = new SpanBodies(series: 40, seed);
        return new PersistentSender($"spans {seed}", server, "/v1/traces", i =>
        {
            var spans = spansPerBody ?? 1 + (i % 50);
            return (bodies.Message(spans, (long)Now), spans);
        });
    }

    public static PersistentSender OfDeltas(Uri server) => new(
        "deltas", server, "/v1/metrics", i => (Points(DeltaMetric, AggregationTemporality.TemporalityDelta, Now - 1_000_000, i + 1), i + 1));

    /// <summary>A running total from the sender's start on: what is counted in the end is the last total that was acknowledged.</summary>
    public static PersistentSender OfTotals(Uri server)
    {
        var begun = Now;
        long total = 0;
        return new PersistentSender("totals", server, "/v1/metrics", i =>
        {
            total += i % 7;
            return (Points(TotalMetric, AggregationTemporality.TemporalityCumulative, begun, total), i % 7);
        });
    }

    public async Task RunAsync(CancellationToken stop)
    {
        using var client = new HttpClient { BaseAddress = server, Timeout = TimeSpan.FromSeconds(10) };
        for (var i = 0; !stop.IsCancellationRequested; i++)
        {
            var (body, counts) = make(i);
            var bytes = body.ToByteArray();
            while (!await IsAcknowledgedAsync(client, bytes))
            {
                Retries++;
                await Task.Delay(Pause, CancellationToken.None);
            }

            Bodies++;
            Acknowledged += counts;
        }
    }

    private async Task<bool> IsAcknowledgedAsync(HttpClient client, byte[] body)
    {
        using var content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/x-protobuf") } };
        try
        {
            using var answer = await client.PostAsync(new Uri(path, UriKind.Relative), content);
            return answer.StatusCode == HttpStatusCode.OK;
        }
        catch (Exception lost) when (lost is HttpRequestException or OperationCanceledException)
        {
            return false;
        }
    }

    private static ExportMetricsServiceRequest Points(string metric, AggregationTemporality temporality, ulong start, long value)
    {
        var point = new NumberDataPoint { AsInt = value, StartTimeUnixNano = start, TimeUnixNano = Now };
        return new ExportMetricsServiceRequest
        {
            ResourceMetrics =
            {
                new ResourceMetrics
                {
                    Resource = new Resource { Attributes = { SpanBodies.Text("service.name", "counted") } },
                    ScopeMetrics =
                    {
                        new ScopeMetrics
                        {
                            Metrics = { new Metric { Name = metric, Sum = new Sum { AggregationTemporality = temporality, IsMonotonic = true, DataPoints = { point } } } },
                        },
                    },
                },
            },
        };
    }
}
