import type { StatusWindow } from './types.ts';

/** What the page shows: the scorecard and services, or who sends what. */
export type View = 'status' | 'ingest';

/** The last part of the path names the view, so that it also works behind a proxy that puts the page under a path. */
export function viewOfPath(path: string): View {
  return path.endsWith('/ingest') ? 'ingest' : 'status';
}

/** A view's address relative to the page's folder; the window stays in it. */
export function linkTo(view: View, window: StatusWindow): string {
  return `${view === 'ingest' ? './ingest' : './'}#${window}`;
}
