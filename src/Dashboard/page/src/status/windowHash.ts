import { statusWindows, type StatusWindow } from './types.ts';

/** The window named by the address (`#1h`), so that a link shows what its sender saw. */
export function windowOfHash(hash: string): StatusWindow {
  return statusWindows.find((window) => `#${window}` === hash) ?? '5m';
}
