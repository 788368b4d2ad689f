/** Monotonic milliseconds and one-shot timers; tests bring their own. */
export interface Clock {
  now(): number;
  after(milliseconds: number, act: () => void): () => void;
}

export const pageClock: Clock = {
  now: () => performance.now(),
  after: (milliseconds, act) => {
    const timer = setTimeout(act, milliseconds);
    return () => clearTimeout(timer);
  },
};
