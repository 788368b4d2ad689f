import { useRef, useState } from 'preact/hooks';
import type { Service, StatusSnapshot } from '../status/types.ts';
import { fullText, staleness, ageText, windowText } from '../words/time.ts';
import { inPlace, worstFirst } from './order.ts';
import { ServiceRow } from './ServiceRow.tsx';

const columns = ['service', 'requests', 'rate', 'errors', 'error ratio', 'aborted', 'p50', 'p90', 'p99', 'rate over time', 'source'];
const wordColumns = new Set(['service', 'rate over time', 'source']);

export function ServiceTable({ snapshot, serverNow }: { snapshot: StatusSnapshot; serverNow: number }) {
  const [held, setHeld] = useState(false);
  const services = useRowOrder(snapshot.services, held);
  const errorTarget = snapshot.kpis.find(({ id }) => id === 'error_rate')?.targets[snapshot.tier.current];
  return (
    <section class="services" aria-labelledby="services-title">
      <h2 id="services-title">
        Services <small>{services.length === 0 ? '' : `${services.length}, worst first`}</small>
      </h2>
      {services.length === 0 ? (
        <p class="quiet">{noService(snapshot, serverNow)}</p>
      ) : (
        <table onPointerEnter={() => setHeld(true)} onPointerLeave={() => setHeld(false)}>
          <thead>
            <tr>
              {columns.map((column) => (
                <th key={column} scope="col" class={wordColumns.has(column) ? 'word' : ''}>
                  {column}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {services.map((service) => (
              <ServiceRow
                key={service.service}
                service={service}
                age={staleness(service.newest, serverNow)}
                errorTarget={errorTarget ?? null}
                from={snapshot.lineFrom}
                stepSeconds={snapshot.stepSeconds}
              />
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

function useRowOrder(services: readonly Service[], held: boolean): Service[] {
  const places = useRef<string[]>([]);
  const ordered = held ? inPlace(services, places.current, ({ service }) => service) : worstFirst(services);
  places.current = ordered.map(({ service }) => service);
  return ordered;
}

function noService({ window, ingest }: StatusSnapshot, serverNow: number) {
  const words = `No service answered a request in the ${windowText[window] ?? window}.`;
  if (ingest.lastReceived === null) return words;
  const age = ageText(serverNow - Date.parse(ingest.lastReceived));
  return (
    <>
      {words} Telemetry last came <time title={fullText(ingest.lastReceived)}>{age} ago</time>.
    </>
  );
}
