import { count } from '../words/format.ts';
import { adviceFor } from './advice.ts';
import { Cell, Heads } from './Cell.tsx';
import type { IngestReport } from './report.ts';
import { reasonRows } from './senders.ts';

const columns = ['reason', 'count', 'of', 'what to do'];
const words = new Set(['reason', 'of', 'what to do']);

export function ReasonTable({ report }: { report: IngestReport }) {
  const rows = reasonRows(report);
  return (
    <section class="board" aria-labelledby="reasons-title" data-testid="reasons">
      <h2 id="reasons-title">
        What was not taken, and why <small>since the server started</small>
      </h2>
      {rows.length === 0 ? (
        <p class="quiet">Everything that came was taken.</p>
      ) : (
        <table>
          <Heads columns={columns} words={words} />
          <tbody>
            {rows.map(({ reason, count: times, of, bad }) => (
              <tr key={reason} data-testid="reason-row" data-reason={reason}>
                <th scope="row">
                  {bad && (
                    <span class="ink-fail" aria-hidden="true">
                      ■{' '}
                    </span>
                  )}
                  {reason.replaceAll('_', ' ')}
                </th>
                <Cell label="count" raw={times}>
                  {count(times)}
                </Cell>
                <Cell label="of" word>
                  {of}
                </Cell>
                <Cell label="what to do" word>
                  {adviceFor(reason, report)}
                </Cell>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
