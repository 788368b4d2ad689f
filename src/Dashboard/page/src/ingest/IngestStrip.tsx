import type { Ingest, ReasonCount } from '../status/types.ts';
import { count } from '../words/format.ts';
import { ageText, fullText } from '../words/time.ts';

export function IngestStrip({ ingest, serverNow }: { ingest: Ingest; serverNow: number }) {
  const full = ingest.seriesLimit > 0 && ingest.series >= ingest.seriesLimit;
  return (
    <section class="ingest" data-testid="ingest" aria-label="Ingest">
      <dl>
        <Fact term="spans accepted">{count(ingest.accepted)}</Fact>
        <Fact term="series">
          <span class={full ? 'ink-at-risk' : ''}>
            {count(ingest.series)} of {count(ingest.seriesLimit)}
            {full && ' ▲ full'}
          </span>
        </Fact>
        <Fact term="last received">
          {ingest.lastReceived === null ? (
            'never'
          ) : (
            <time dateTime={ingest.lastReceived} title={fullText(ingest.lastReceived)}>
              {ageText(serverNow - Date.parse(ingest.lastReceived))} ago
            </time>
          )}
        </Fact>
        <Fact term="refused">
          <Reasons counts={ingest.refused} />
        </Fact>
        <Fact term="taken, but odd">
          <Reasons counts={ingest.noted} />
        </Fact>
      </dl>
    </section>
  );
}

function Fact({ term, children }: { term: string; children: preact.ComponentChildren }) {
  return (
    <div>
      <dt>{term}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** Worst first, as everywhere. */
function Reasons({ counts }: { counts: readonly ReasonCount[] }) {
  const worst = counts.filter((entry) => entry.count > 0).sort((a, b) => b.count - a.count);
  if (worst.length === 0) return <>none</>;
  return (
    <ul class="reasons">
      {worst.map((entry) => (
        <li key={entry.reason}>
          {count(entry.count)} <span>{entry.reason.replaceAll('_', ' ')}</span>
        </li>
      ))}
    </ul>
  );
}
