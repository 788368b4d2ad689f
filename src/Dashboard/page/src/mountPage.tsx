import { render } from 'preact';
import { savedTheme, showTheme } from './header/theme.ts';
import { Page } from './Page.tsx';
import { pageClock } from './status/clock.ts';
import { StatusConnection } from './status/connection.ts';
import type { HubLine } from './status/hub.ts';
import { windowOfHash } from './status/windowHash.ts';

export function mountPage(root: Element, openLine: () => HubLine): void {
  showTheme(savedTheme());
  const connection = new StatusConnection(openLine, pageClock, windowOfHash(location.hash));

  // The address is the one place that holds the window: back and forward work.
  const watch = () => connection.watch(windowOfHash(location.hash));
  addEventListener('hashchange', watch);
  addEventListener('popstate', watch);
  // A phone that comes back does not wait out the countdown.
  addEventListener('online', () => connection.retry());

  connection.start();
  render(<Page connection={connection} choose={(window) => (location.hash = window)} />, root);
}
