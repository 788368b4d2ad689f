import { bytes, count, rate } from '../words/format.ts';
import { ageText, fullText } from '../words/time.ts';
import { Empty } from './Empty.tsx';
import { FillWords, MetricTable } from './MetricTable.tsx';
import { ReasonTable } from './ReasonTable.tsx';
import type { IngestReport } from './report.ts';
import { SenderTable } from './SenderTable.tsx';
import { sum } from './senders.ts';
import { useIngestReport } from './useIngestReport.ts';

/** Who sends what, what of it is not taken and what to do about it. */
export function IngestView({ now }: { now: number }) {
  const { report, receivedAt, failure } = useIngestReport();
  if (report === null) return <main aria-busy="true">{failure && <Failure words={failure} />}</main>;
  const serverNow = Date.parse(report.to) + (now - receivedAt);
  const empty = report.senders.length === 0 && report.lastReceived === null;
  return (
    <main aria-busy={failure !== null}>
      {failure && <Failure words={failure} />}
      {empty && <Empty endpoints={report.endpoints} />}
      <Summary report={report} serverNow={serverNow} />
      {!empty && (
        <>
          <ReasonTable report={report} />
          <SenderTable report={report} serverNow={serverNow} />
          <MetricTable report={report} />
        </>
      )}
    </main>
  );
}

function Failure({ words }: { words: string }) {
  return (
    <p class="bar" role="alert">
      <span class="ink-at-risk" aria-hidden="true">▲ </span>
      These figures stand still: {words}. Trying again every 5 s.
    </p>
  );
}

function Summary({ report, serverNow }: { report: IngestReport; serverNow: number }) {
  const { senders, journal } = report;
  const itemsPerSecond = senders.reduce((all, sender) => all + sender.itemsPerSecond, 0);
  const bytesPerSecond = senders.reduce((all, sender) => all + sender.bytesPerSecond, 0);
  return (
    <section class="ingest summary" aria-label="Summary" data-testid="summary">
      <dl>
        <Fact term="senders">{count(report.sendersInAll)}</Fact>
        <Fact term="items">{rate(itemsPerSecond)}</Fact>
        <Fact term="bytes">{bytes(bytesPerSecond)}/s</Fact>
        <Fact term="items rejected">{count(sum(report.rejected))}</Fact>
        <Fact term="requests refused">{count(sum(report.refused))}</Fact>
        <Fact term="repeated">{count(report.repeated)}</Fact>
        <Fact term="series">
          {count(report.series)} of {count(report.seriesLimit)}
        </Fact>
        <Fact term="journal">
          {journal === null ? 'none is written' : <FillWords fill={journal} />}
          {journal !== null && journal.failures > 0 && <span class="ink-fail"> ■ {count(journal.failures)} failures</span>}
        </Fact>
        <Fact term="not committed">
          <FillWords fill={report.uncommitted} />
        </Fact>
        <Fact term="last received">{report.lastReceived === null ? 'never' : <Ago instant={report.lastReceived} serverNow={serverNow} />}</Fact>
        <Fact term="counting since">
          <time dateTime={report.from}>{fullText(report.from)}</time>
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

function Ago({ instant, serverNow }: { instant: string; serverNow: number }) {
  return (
    <time dateTime={instant} title={fullText(instant)}>
      {ageText(serverNow - Date.parse(instant))} ago
    </time>
  );
}
