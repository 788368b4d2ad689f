import { useEffect, useState } from 'preact/hooks';

/** Monotonic milliseconds, renewed every second. */
export function useNow(): number {
  const [, redraw] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => redraw((count) => count + 1), 1_000);
    return () => clearInterval(timer);
  }, []);
  return performance.now();
}
