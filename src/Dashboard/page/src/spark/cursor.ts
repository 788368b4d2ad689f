import { useEffect, useState } from 'preact/hooks';

// One pointer, so one cursor: hovering a chart shows all charts at that instant.
let place: number | null = null;
const listeners = new Set<() => void>();

/** `fraction` of the window, 0 oldest .. 1 newest; null when no chart is pointed at. */
export function moveCursor(fraction: number | null): void {
  if (fraction === place) return;
  place = fraction;
  for (const listener of listeners) listener();
}

export function useCursor(): number | null {
  const [fraction, setFraction] = useState(place);
  useEffect(() => {
    const follow = () => setFraction(place);
    listeners.add(follow);
    return () => void listeners.delete(follow);
  }, []);
  return fraction;
}
