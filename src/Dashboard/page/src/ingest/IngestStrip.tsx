import type { Ingest, ReasonCount, Sources } from '../status/types.ts';
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
        {ingest.sources && (
          <Fact term="sources">
            <Standings sources={ingest.sources} serverNow={serverNow} />
          </Fact>
        )}
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

/** Those that fell silent are named: what they would have said is unknown. */
function Standings({ sources, serverNow }: { sources: Sources; serverNow: number }) {
  if (sources.live + sources.unknown === 0) return <>none with a heartbeat</>;
  return (
    <>
      {count(sources.live)} live
      {sources.unknown > 0 && (
        <ul class="reasons" data-testid="silent">
          {sources.silent.map(({ service, instance, lastHeard }) => (
            <li key={`${service} ${instance}`} title={`last heard: ${fullText(lastHeard)}`}>
              {service} {instance} <span>silent for {ageText(serverNow - Date.parse(lastHeard))}</span>
            </li>
          ))}
          {sources.unknown > sources.silent.length && <li>and {count(sources.unknown - sources.silent.length)} more</li>}
        </ul>
      )}
    </>
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
