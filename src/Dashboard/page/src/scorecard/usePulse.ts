import { useRef } from 'preact/hooks';

/** Counts how often `value` changed since it was first shown; as a key it restarts the animation once per change. */
export function usePulse(value: string): number {
  const seen = useRef({ value, changes: 0 });
  if (seen.current.value !== value) seen.current = { value, changes: seen.current.changes + 1 };
  return seen.current.changes;
}
