/** Maps values to 0 (bottom) .. 1 (top). */
export interface Scale {
  readonly log: boolean;
  readonly place: (value: number) => number;
}

export type ScaleKind = 'latency' | 'rate' | 'goodness';

/**
 * Counts and rates start at zero; latency turns logarithmic when it spans more than two decades;
 * a goodness (uptime, hit ratio) is drawn from just below its worst point to 1, or its dips would not show.
 */
export function scaleFor(kind: ScaleKind, values: readonly (number | null)[], target: number | null): Scale {
  const known = values.filter((value) => value !== null);
  const shown = target === null ? known : [...known, target];
  const low = Math.min(...shown);
  const high = Math.max(...shown);
  if (shown.length === 0) return { log: false, place: () => 0 };

  if (kind === 'latency' && low > 0 && high / low > 100) return logScale(low / 1.2, high * 1.2);
  if (kind === 'goodness') return linearScale(low - Math.max((1 - low) * 0.15, 1e-6), 1 + (1 - low) * 0.1);
  return linearScale(0, high > 0 ? high * 1.12 : 1);
}

function linearScale(bottom: number, top: number): Scale {
  return { log: false, place: (value) => (value - bottom) / (top - bottom || 1) };
}

function logScale(bottom: number, top: number): Scale {
  const span = Math.log(top / bottom);
  return { log: true, place: (value) => Math.log(Math.max(value, bottom) / bottom) / span };
}

export interface Run {
  readonly start: number;
  readonly end: number;
}

/** Runs of cells without a value, `end` exclusive: they are hatched, never bridged. */
export function gaps(values: readonly (number | null)[]): Run[] {
  const runs: Run[] = [];
  values.forEach((value, index) => {
    if (value !== null) return;
    const last = runs.at(-1);
    if (last?.end === index) runs[runs.length - 1] = { start: last.start, end: index + 1 };
    else runs.push({ start: index, end: index + 1 });
  });
  return runs;
}

/** An SVG path in a box of `values.length` × 100; a lone point becomes a short dash. */
export function linePath(values: readonly (number | null)[], scale: Scale): string {
  let path = '';
  values.forEach((value, index) => {
    if (value === null) return;
    const y = (100 - 100 * scale.place(value)).toFixed(2);
    const joined = index > 0 && values[index - 1] !== null;
    const lone = !joined && (values[index + 1] ?? null) === null;
    path += lone ? `M${index + 0.2} ${y}h0.6` : `${joined ? 'L' : 'M'}${index + 0.5} ${y}`;
  });
  return path;
}
