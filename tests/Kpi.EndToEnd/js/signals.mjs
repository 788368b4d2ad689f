// Sends known metrics and logs with the stock OpenTelemetry JS SDK: node signals.mjs grpc|proto|json ENDPOINT SERVICE delta|cumulative
// Metrics twice, so that running totals have something to go on from; what is sent says Senders/JsSignals.cs.
import { SeverityNumber } from '@opentelemetry/api-logs';
import { OTLPLogExporter as GrpcLogs } from '@opentelemetry/exporter-logs-otlp-grpc';
import { OTLPLogExporter as JsonLogs } from '@opentelemetry/exporter-logs-otlp-http';
import { OTLPLogExporter as ProtoLogs } from '@opentelemetry/exporter-logs-otlp-proto';
import { OTLPMetricExporter as GrpcMetrics } from '@opentelemetry/exporter-metrics-otlp-grpc';
import { AggregationTemporalityPreference, OTLPMetricExporter as JsonMetrics } from '@opentelemetry/exporter-metrics-otlp-http';
import { OTLPMetricExporter as ProtoMetrics } from '@opentelemetry/exporter-metrics-otlp-proto';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { LoggerProvider, SimpleLogRecordProcessor } from '@opentelemetry/sdk-logs';
import { AggregationType, MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';

const [protocol, endpoint, service, temporality] = process.argv.slice(2);
const [Metrics, Logs] = { grpc: [GrpcMetrics, GrpcLogs], proto: [ProtoMetrics, ProtoLogs], json: [JsonMetrics, JsonLogs] }[protocol];
const to = (path) => ({ url: protocol === 'grpc' ? endpoint : endpoint + path });

// Readers and processors swallow what the exporter says, so it is asked here.
let failures = 0;
const watched = (exporter) => {
  const send = exporter.export.bind(exporter);
  exporter.export = (items, done) =>
    send(items, (result) => {
      if (result.code !== 0) {
        failures++;
        console.error(result.error);
      }
      done(result);
    });
  return exporter;
};

const resource = resourceFromAttributes({ 'service.name': service, 'service.instance.id': 'a1' });
const preference = temporality === 'delta' ? AggregationTemporalityPreference.DELTA : AggregationTemporalityPreference.CUMULATIVE;
const meters = new MeterProvider({
  resource,
  readers: [
    new PeriodicExportingMetricReader({
      exporter: watched(new Metrics({ ...to('/v1/metrics'), temporalityPreference: preference })),
      exportIntervalMillis: 3_600_000,
    }),
  ],
  views: [{ instrumentName: 'app.size', aggregation: { type: AggregationType.EXPONENTIAL_HISTOGRAM } }],
});
const meter = meters.getMeter('kpi.e2e');
const orders = meter.createCounter('app.orders', { unit: '{order}' });
const queue = meter.createUpDownCounter('app.queue');
const load = meter.createGauge('app.load');
const duration = meter.createHistogram('http.server.request.duration', {
  unit: 's',
  advice: { explicitBucketBoundaries: [0.05, 0.1, 0.15, 0.2, 0.5, 1] },
});
const size = meter.createHistogram('app.size', { unit: 'By' });

for (let round = 0; round < 2; round++) {
  orders.add(3, { plan: 'team' });
  orders.add(4.5, { plan: 'solo' });
  queue.add(5);
  queue.add(-2);
  load.record(1.5 + round);
  for (let i = 1; i <= 100; i++) {
    duration.record(i / 400, { 'http.request.method': 'GET', 'http.route': '/items/:id', 'http.response.status_code': i <= 2 ? 500 : 200 });
    size.record(i * 10);
  }
  await meters.forceFlush();
}
await meters.shutdown();

const logs = new LoggerProvider({ resource, processors: [new SimpleLogRecordProcessor({ exporter: watched(new Logs(to('/v1/logs'))) })] });
const logger = logs.getLogger('kpi.e2e');
for (let i = 0; i < 6; i++) {
  logger.emit({ severityNumber: SeverityNumber.INFO, body: `placed order ${i}` });
}
logger.emit({ severityNumber: SeverityNumber.ERROR2, body: 'card declined' });
logger.emit({ severityNumber: SeverityNumber.INFO, eventName: 'subscription.started', attributes: { plan: 'team' } });
await logs.forceFlush();
await logs.shutdown();
process.exitCode = failures === 0 ? 0 : 1;
