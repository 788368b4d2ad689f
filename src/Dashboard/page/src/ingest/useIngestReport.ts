import { useEffect, useState } from 'preact/hooks';
import type { IngestReport } from './report.ts';

export interface ReportView {
  readonly report: IngestReport | null;
  /** Monotonic instant at which `report` came. */
  readonly receivedAt: number;
  /** Why the newest try brought none; null when it did. */
  readonly failure: string | null;
}

const every = 5_000;
const patience = 10_000;

/** Asks again and again while somebody looks. */
export function useIngestReport(): ReportView {
  const [view, setView] = useState<ReportView>({ report: null, receivedAt: 0, failure: null });
  useEffect(() => {
    let timer = 0;
    let gone = false;
    const ask = async () => {
      clearTimeout(timer);
      if (!document.hidden) {
        const next = await read();
        if (gone) return;
        setView((last) => ({ ...last, ...next }));
      }
      timer = setTimeout(ask, every);
    };
    const look = () => void (document.hidden || ask());
    document.addEventListener('visibilitychange', look);
    void ask();
    return () => {
      gone = true;
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', look);
    };
  }, []);
  return view;
}

async function read(): Promise<Partial<ReportView>> {
  try {
    const answer = await fetch(new URL('api/ingest', document.baseURI), { signal: AbortSignal.timeout(patience) });
    if (!answer.ok) return { failure: `the server answered ${answer.status}` };
    return { report: (await answer.json()) as IngestReport, receivedAt: performance.now(), failure: null };
  } catch {
    return { failure: 'the server cannot be reached' };
  }
}
