import { linkTo, type View } from '../status/place.ts';
import type { StatusWindow } from '../status/types.ts';
import { follow } from '../status/useView.ts';

const names: readonly (readonly [View, string])[] = [
  ['status', 'Status'],
  ['ingest', 'Ingest'],
];

export function Views({ view, window }: { view: View; window: StatusWindow }) {
  return (
    <nav class="views" aria-label="Views">
      {names.map(([id, name]) => (
        <a key={id} href={linkTo(id, window)} onClick={follow} aria-current={id === view ? 'page' : undefined}>
          {name}
        </a>
      ))}
    </nav>
  );
}
