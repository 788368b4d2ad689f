import type { KpiTrait } from '../scorecard/kpis.ts';
import type { Layer, Worst } from '../status/types.ts';
import { count, percent } from './format.ts';

/** "L2 93.1 %". */
export function layerWords({ name, ratio }: Layer): string {
  return `${name} ${percent(ratio)}`;
}

/** The ratio is of the reads that came so far, so it says how many those were. */
export function layerTitle({ name, hits, misses }: Layer): string {
  return `${count(hits)} hits of the ${count((hits ?? 0) + (misses ?? 0))} reads that reached ${name}`;
}

/** "worst: shard-3, 212 ms". */
export function worstWords({ name, value }: Worst, trait: KpiTrait): string {
  return `worst: ${name}, ${trait.write(value)}`;
}

export function worstTitle({ label, n }: Worst, trait: KpiTrait): string {
  return `by ${label}, from ${count(n)} ${trait.counted}`;
}
