const steps = [0, 1_000, 2_000, 5_000, 10_000] as const;

/**
 * Milliseconds to wait before the next attempt; never gives up.
 * `chance` (0..1) adds up to a fifth, so that pages do not come back to a restarted server all at once.
 */
export function retryDelay(failuresBefore: number, chance: number): number {
  const step = steps[Math.min(failuresBefore, steps.length - 1)] ?? 10_000;
  return Math.round(step * (1 + 0.2 * chance));
}
