import type { StatusView } from '../status/connection.ts';
import { ageText } from '../words/time.ts';

/** Never a silent freeze: says that the figures stand still, since when, and when the next attempt is. */
export function LostBar({ view, now, retry }: { view: StatusView; now: number; retry: () => void }) {
  const { link } = view;
  if (link.kind !== 'reconnecting') return null;
  const seconds = link.retryAt === null ? null : Math.max(0, Math.ceil((link.retryAt - now) / 1_000));
  return (
    <div class="bar lost" data-testid="lost-bar">
      {/* Only this is announced; what counts seconds would be read aloud every second. */}
      <span role="alert">{view.snapshot ? 'Connection lost.' : 'The server cannot be reached.'}</span>
      {view.snapshot && <span>The figures below are {ageText(now - view.receivedAt)} old.</span>}
      <span class="countdown">
        {seconds === null || seconds === 0 ? 'Trying now …' : `Next try in ${seconds} s.`}
      </span>
      <button type="button" onClick={retry} disabled={seconds === null}>
        Retry
      </button>
    </div>
  );
}
