import { useEffect, useState } from 'preact/hooks';
import { viewOfPath, type View } from './place.ts';

/** The view that the address names; back and forward work. */
export function useView(): View {
  const [view, setView] = useState(() => viewOfPath(location.pathname));
  useEffect(() => {
    const follow = () => setView(viewOfPath(location.pathname));
    addEventListener('popstate', follow);
    return () => removeEventListener('popstate', follow);
  }, []);
  return view;
}

/** Follows a link without loading the page anew; a click that asks for a tab of its own stays the browser's. */
export function follow(event: MouseEvent & { readonly currentTarget: HTMLAnchorElement }): void {
  if (event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  history.pushState(null, '', event.currentTarget.href);
  dispatchEvent(new PopStateEvent('popstate'));
}
