import type { Ingest } from '../status/types.ts';
import { CopyLines } from './CopyLines.tsx';
import { pastes } from './endpoint.ts';

/** Nothing ever came: says what is missing and the exact lines that change it. */
export function Empty({ endpoints }: { endpoints: Ingest['endpoints'] }) {
  const ways = pastes(endpoints.grpc, endpoints.http, location.hostname);
  return (
    <section class="empty" data-testid="empty">
      <h2>No telemetry yet</h2>
      {ways.length === 0 ? (
        <p>Kpi listens on no OTLP port. Start it with --otlp-grpc HOST:PORT or --otlp-http HOST:PORT.</p>
      ) : (
        <p>
          No service has sent a span to this server. Set these in the environment of a service with an OpenTelemetry SDK
          and restart it; its first figures appear here within seconds.
        </p>
      )}
      <div class="pastes">
        {ways.map(({ title, lines }) => (
          <CopyLines key={title} title={title} lines={lines} />
        ))}
      </div>
    </section>
  );
}
