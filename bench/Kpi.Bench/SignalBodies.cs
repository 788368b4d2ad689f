using Google.Protobuf;
using Kpi.Rollups.Time;
using Kpi.Testing;
using Kpi.Witness;

namespace Kpi.Bench;

/// <summary>
/// The bodies of one sender, 512 items each, no two alike: times go on, running totals grow. Senders have instance ids of their own, so
/// that no series has two.
/// </summary>
internal abstract class SignalBodies
{
    public const int ItemsPerBody = 512;

    private static readonly double[] Bounds = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];

    private long last;

    public abstract string Path { get; }

    public abstract string Service { get; }

    /// <summary>What Google.Protobuf makes of such a body: the peer.</summary>
    public abstract object Parse(byte[] body);

    public byte[] Next()
    {
        last = Math.Max(last + 1, UnixNanos.Now(TimeProvider.System).Value);
        return Make((ulong)last).ToByteArray();
    }

    protected abstract IMessage Make(ulong time);

    public static SignalBodies Spans(int sender) => new SpanSignal(sender);

    public static SignalBodies Counters(int sender) => new MetricSignal(sender, new Metric
    {
        Name = "app.requests",
        Unit = "{request}",
        Sum = new Sum
        {
            IsMonotonic = true,
            AggregationTemporality = AggregationTemporality.TemporalityCumulative,
            DataPoints = { Enumerable.Range(0, ItemsPerBody).Select(i => new NumberDataPoint { Attributes = { Attributes(i) } }) },
        },
    });

    public static SignalBodies Histograms(int sender) => new MetricSignal(sender, new Metric
    {
        Name = "http.server.request.duration",
        Unit = "s",
        Histogram = new Histogram
        {
            AggregationTemporality = AggregationTemporality.TemporalityCumulative,
            DataPoints =
            {
                Enumerable.Range(0, ItemsPerBody).Select(i => new HistogramDataPoint
                {
                    ExplicitBounds = { Bounds }, BucketCounts = { new ulong[Bounds.Length + 1] }, Attributes = { Attributes(i) },
                }),
            },
        },
    });

    public static SignalBodies Logs(int sender) => new LogSignal(sender);

    private static KeyValue[] Attributes(int series) =>
    [
        SpanBodies.Text("http.request.method", "GET"), SpanBodies.Text("http.route", $"/api/v1/resource-{series:d4}/{{id}}"),
        SpanBodies.Number("http.response.status_code", 200), SpanBodies.Text("url.scheme", "https"),
    ];

    private static Resource From(int sender) => new()
    {
        Attributes = { SpanBodies.Text("service.name", "shop"), SpanBodies.Text("service.instance.id", $"bench-{sender}") },
    };

    private sealed class SpanSignal(int sender) : SignalBodies
    {
        private readonly SpanBodies bodies = new(series: 1_000, seed: sender);

        public override string Path => "/v1/traces";

        public override string Service => "trace.v1.TraceService";

        public override object Parse(byte[] body) => ExportTraceServiceRequest.Parser.ParseFrom(body);

        protected override IMessage Make(ulong time) => bodies.Message(ItemsPerBody, (long)time);
    }

    private sealed class MetricSignal(int sender, Metric metric) : SignalBodies
    {
        private readonly ulong start = (ulong)UnixNanos.Now(TimeProvider.System).Value;
        private readonly ExportMetricsServiceRequest request = new()
        {
            ResourceMetrics = { new ResourceMetrics { Resource = From(sender), ScopeMetrics = { new ScopeMetrics { Scope = new InstrumentationScope { Name = "bench" }, Metrics = { metric } } } } },
        };

        public override string Path => "/v1/metrics";

        public override string Service => "metrics.v1.MetricsService";

        public override object Parse(byte[] body) => ExportMetricsServiceRequest.Parser.ParseFrom(body);

        protected override IMessage Make(ulong time)
        {
            foreach (var point in metric.Sum?.DataPoints ?? [])
            {
                (point.StartTimeUnixNano, point.TimeUnixNano) = (start, time);
                point.AsInt += 3;
            }

            foreach (var point in metric.Histogram?.DataPoints ?? [])
            {
                (point.StartTimeUnixNano, point.TimeUnixNano) = (start, time);
                for (var i = 0; i < point.BucketCounts.Count; i++)
                {
                    point.BucketCounts[i] += (ulong)(i % 4);
                    point.Count += (ulong)(i % 4);
                }

                point.Sum += 1.5;
            }

            return request;
        }
    }

    private sealed class LogSignal(int sender) : SignalBodies
    {
        private readonly ExportLogsServiceRequest request = new()
        {
            ResourceLogs =
            {
                new ResourceLogs
                {
                    Resource = From(sender),
                    ScopeLogs = { new ScopeLogs { Scope = new InstrumentationScope { Name = "bench" }, LogRecords = { Enumerable.Range(0, ItemsPerBody).Select(Record) } } },
                },
            },
        };

        public override string Path => "/v1/logs";

        public override string Service => "logs.v1.LogsService";

        public override object Parse(byte[] body) => ExportLogsServiceRequest.Parser.ParseFrom(body);

        protected override IMessage Make(ulong time)
        {
            foreach (var record in request.ResourceLogs[0].ScopeLogs[0].LogRecords)
            {
                record.TimeUnixNano = record.ObservedTimeUnixNano = time;
            }

            return request;
        }

        private static LogRecord Record(int number) => new()
        {
            SeverityNumber = 5 + (number % 16),
            SeverityText = "Information",
            Body = new AnyValue { StringValue = $"Request finished HTTP/1.1 GET https://shop.example/api/v1/resource-{number:d4} - 200 in {number % 97} ms" },
            TraceId = ByteString.CopyFrom(Enumerable.Range(1, 16).Select(i => (byte)(i + number)).ToArray()),
            SpanId = ByteString.CopyFrom(Enumerable.Range(1, 8).Select(i => (byte)(i + number)).ToArray()),
            Attributes = { Attributes(number) },
        };
    }
}
