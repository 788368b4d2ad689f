// Sends known spans with the stock OpenTelemetry JS SDK: node send.mjs grpc|proto|json ENDPOINT SERVICE
// 400 server requests (8 of status 500, 20 of status 404) of 1 to 400 ms, 100 queries to PostgreSQL of 5 ms.
import { SpanKind } from '@opentelemetry/api';
import { OTLPTraceExporter as GrpcExporter } from '@opentelemetry/exporter-trace-otlp-grpc';
import { OTLPTraceExporter as JsonExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { OTLPTraceExporter as ProtoExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';

const [protocol, endpoint, service] = process.argv.slice(2);
const overHttp = { url: `${endpoint}/v1/traces`, compression: 'gzip' };
const exporter =
  protocol === 'grpc' ? new GrpcExporter({ url: endpoint })
  : protocol === 'json' ? new JsonExporter(overHttp)
  : new ProtoExporter(overHttp);

// The processor swallows what the exporter says, so it is asked here.
let failures = 0;
const send = exporter.export.bind(exporter);
exporter.export = (spans, done) =>
  send(spans, (result) => {
    if (result.code !== 0) {
      failures++;
      console.error(result.error);
    }
    done(result);
  });

const provider = new BasicTracerProvider({
  resource: resourceFromAttributes({ 'service.name': service }),
  spanProcessors: [new BatchSpanProcessor(exporter, { maxQueueSize: 1000, maxExportBatchSize: 200 })],
});
const tracer = provider.getTracer('kpi.e2e');
const end = Date.now();

const span = (name, kind, milliseconds, attributes) =>
  tracer.startSpan(name, { kind, startTime: end - milliseconds, attributes }).end(end);

for (let i = 1; i <= 400; i++) {
  span('GET /items/:id', SpanKind.SERVER, i, {
    'http.request.method': 'GET',
    'http.route': '/items/:id',
    'http.response.status_code': i <= 8 ? 500 : i <= 28 ? 404 : 200,
  });
}
for (let i = 0; i < 100; i++) {
  span('SELECT items', SpanKind.CLIENT, 5, { 'db.system.name': 'postgresql', 'db.operation.name': 'SELECT' });
}

await provider.forceFlush();
await provider.shutdown();
process.exitCode = failures === 0 ? 0 : 1;
