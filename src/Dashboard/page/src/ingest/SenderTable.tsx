import { useRef, useState } from 'preact/hooks';
import { inPlace } from '../services/order.ts';
import type { ReasonCount } from '../status/types.ts';
import { bytes, count, nothing, rate } from '../words/format.ts';
import { ageText, fullText } from '../words/time.ts';
import { adviceFor } from './advice.ts';
import { Cell, Heads } from './Cell.tsx';
import type { IngestReport, Sender } from './report.ts';
import { clockWords, senderKey, worstSenders } from './senders.ts';

const columns = ['service', 'address', 'signals', 'items', 'bytes', 'items taken', 'rejected', 'refused', 'repeated', 'clock', 'last heard'];
const words = new Set(['service', 'address', 'signals', 'rejected', 'refused', 'clock']);

export function SenderTable({ report, serverNow }: { report: IngestReport; serverNow: number }) {
  const [held, setHeld] = useState(false);
  const places = useRef<string[]>([]);
  const senders = held ? inPlace(report.senders, places.current, senderKey) : worstSenders(report.senders);
  places.current = senders.map(senderKey);
  return (
    <section class="board" aria-labelledby="senders-title" data-testid="senders">
      <h2 id="senders-title">
        Senders <small>{sizeWords(report)}</small>
      </h2>
      {senders.length === 0 ? (
        <p class="quiet">Nobody has sent anything since the server started.</p>
      ) : (
        <table onPointerEnter={() => setHeld(true)} onPointerLeave={() => setHeld(false)}>
          <Heads columns={columns} words={words} />
          <tbody>
            {senders.map((sender) => (
              <SenderRow key={senderKey(sender)} sender={sender} report={report} serverNow={serverNow} />
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

function SenderRow({ sender: s, report, serverNow }: { sender: Sender; report: IngestReport; serverNow: number }) {
  const clock = clockWords(s.clockSkewSeconds);
  return (
    <tr data-testid="sender-row" data-service={s.service ?? ''}>
      <th scope="row" title={s.service ?? 'No body told a service.name: it was refused before it was read, or has none'}>
        {s.service ?? <span class="quiet">not told</span>}
      </th>
      <Cell label="address" word>
        {s.peer ?? nothing}
      </Cell>
      <Cell label="signals" word>
        {s.signals.join(', ') || nothing}
      </Cell>
      <Cell label="items" raw={s.itemsPerSecond}>
        {rate(s.itemsPerSecond)}
      </Cell>
      <Cell label="bytes" raw={s.bytesPerSecond} title={`${bytes(s.bytes)} as sent, ${bytes(s.inflatedBytes)} inflated`}>
        {s.bytesPerSecond < 1 ? '0 B/s' : `${bytes(s.bytesPerSecond)}/s`}
      </Cell>
      <Cell label="items taken" id="items" raw={s.items}>
        {count(s.items)}
      </Cell>
      <Cell label="rejected" id="rejected" word>
        <Reasons counts={s.rejected} report={report} />
      </Cell>
      <Cell label="refused" id="refused" word>
        <Reasons counts={s.refused} report={report} />
      </Cell>
      <Cell label="repeated" raw={s.repeated} title="Came again after it was taken, and was not counted twice">
        {count(s.repeated)}
      </Cell>
      <Cell label="clock" id="clock" raw={s.clockSkewSeconds} word title="Receipt less the newest time in a body, the least of the last minutes; told from 2 s on">
        {clock ? <span class="ink-at-risk">▲ {clock}</span> : <span class="quiet">{nothing}</span>}
      </Cell>
      <Cell label="last heard" title={fullText(s.lastHeard)}>
        {ageText(serverNow - Date.parse(s.lastHeard))} ago
      </Cell>
    </tr>
  );
}

function Reasons({ counts, report }: { counts: readonly (ReasonCount & { retry?: boolean })[]; report: IngestReport }) {
  if (counts.length === 0) return <span class="quiet">0</span>;
  return (
    <ul>
      {counts.map(({ reason, count: times, retry }) => (
        <li key={reason} data-reason={reason} data-value={times} class={retry ? 'quiet' : 'ink-fail'} title={adviceFor(reason, report)}>
          {count(times)} {reason.replaceAll('_', ' ')}
          {retry && ', asked to retry'}
        </li>
      ))}
    </ul>
  );
}

function sizeWords({ senders, sendersInAll, sendersForgotten }: IngestReport): string {
  if (sendersInAll === 0) return '';
  const named = senders.length < sendersInAll ? `the worst ${count(senders.length)} of ${count(sendersInAll)}` : `${count(sendersInAll)}, worst first`;
  return sendersForgotten === 0 ? named : `${named}; ${count(sendersForgotten)} silent ones forgotten`;
}
