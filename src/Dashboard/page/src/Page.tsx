import { useEffect } from 'preact/hooks';
import { Header } from './header/Header.tsx';
import { LostBar } from './header/LostBar.tsx';
import { Problems } from './header/Problems.tsx';
import { Empty } from './ingest/Empty.tsx';
import { IngestView } from './ingest/IngestView.tsx';
import { IngestStrip } from './ingest/IngestStrip.tsx';
import { Scorecard } from './scorecard/Scorecard.tsx';
import { ServiceTable } from './services/ServiceTable.tsx';
import type { StatusConnection, StatusView } from './status/connection.ts';
import type { StatusSnapshot, StatusWindow } from './status/types.ts';
import { useNow } from './status/useNow.ts';
import { useStatus } from './status/useStatus.ts';
import { useView } from './status/useView.ts';
import { pageTitle } from './words/pageTitle.ts';

interface PageProps {
  readonly connection: StatusConnection;
  readonly choose: (window: StatusWindow) => void;
}

export function Page({ connection, choose }: PageProps) {
  const view = useStatus(connection);
  const now = useNow();
  const shown = useView();
  const { snapshot, link } = view;
  const title = pageTitle(snapshot);
  useEffect(() => void (document.title = title), [title]);

  return (
    <div class={`page ${link.kind}`} data-version={snapshot?.version} data-at={snapshot?.at}>
      <LostBar view={view} now={now} retry={() => connection.retry()} />
      <Header view={view} shown={shown} now={now} choose={choose} />
      {shown === 'ingest' && <IngestView now={now} />}
      {shown === 'status' && snapshot && <Status snapshot={snapshot} view={view} now={now} />}
    </div>
  );
}

function Status({ snapshot, view, now }: { snapshot: StatusSnapshot; view: StatusView; now: number }) {
  // The server's clock, carried on by the local monotonic one: a wrong clock on the phone ages nothing.
  const serverNow = Date.parse(snapshot.at) + (now - view.receivedAt);
  const empty = snapshot.services.length === 0 && snapshot.ingest.lastReceived === null;
  return (
    <main aria-busy={snapshot.window !== view.window}>
      <Problems problems={snapshot.problems} />
      {empty && <Empty endpoints={snapshot.ingest.endpoints} />}
      <Scorecard snapshot={snapshot} serverNow={serverNow} />
      {!empty && <ServiceTable snapshot={snapshot} serverNow={serverNow} />}
      <IngestStrip ingest={snapshot.ingest} serverNow={serverNow} />
    </main>
  );
}
