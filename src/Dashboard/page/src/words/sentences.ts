import { kpiTraits, tierName, type KpiTrait } from '../scorecard/kpis.ts';
import type { Kpi, Tier, TierId, Verdict } from '../status/types.ts';
import { count, dollars, duration, significant, watchedPercent } from './format.ts';

export const verdictWord: Readonly<Record<Verdict, string>> = {
  pass: 'meets the target',
  at_risk: 'at risk',
  fail: 'misses the target',
  insufficient_data: 'too little data to tell',
  not_measured: 'not measured',
};

/** The one line of a tile: the server's note, or what the figures say. */
export function tileWords(kpi: Kpi, tier: Tier): string {
  if (kpi.note) return kpi.note;
  const trait = kpiTraits.find(({ id }) => id === kpi.id);
  const verdict = kpi.verdicts[tier.current];
  if (!trait || verdict === 'not_measured') return 'nobody measures this yet';
  if (verdict === 'insufficient_data') return missingEvidence(kpi, trait, tier.current);
  if (kpi.value === null) return 'no figure for this window';

  const here = `${distance(kpi, trait, tier.current)} ${tierName[tier.current]} target`;
  if (verdict === 'at_risk') return `${here}, too close to be sure`;
  const next = tier.next as TierId | null;
  if (verdict === 'pass' && next !== null && kpi.verdicts[next] === 'fail') {
    return `${here}, ${distance(kpi, trait, next)} ${tierName[next]} one`;
  }
  return here;
}

/** "12 ms over the", "0.03 points short of the", "right at the". */
function distance(kpi: Kpi, trait: KpiTrait, tier: TierId): string {
  const gap = (kpi.value ?? 0) - kpi.targets[tier];
  if (trait.write(kpi.value) === trait.write(kpi.targets[tier])) return 'right at the';
  const side = trait.better === 'lower' ? (gap > 0 ? 'over' : 'under') : gap > 0 ? 'above' : 'short of';
  return `${gapText(kpi.unit, Math.abs(gap))} ${side} the`;
}

/** Two digits are enough for a distance, three once it has three before the point. */
function gapText(unit: Kpi['unit'], gap: number): string {
  if (unit === 'USD') return dollars(gap);
  if (unit === '1') {
    const points = significant(gap * 100, 2);
    return points === '1' ? '1 point' : `${points} points`;
  }
  return duration(gap, gap * 1_000 >= 100 && gap < 1 ? 3 : 2);
}

function missingEvidence(kpi: Kpi, trait: KpiTrait, tier: TierId): string {
  const has = kpi.n ?? 0;
  const needed = neededEvents(kpi, tier);
  if (needed !== null && has < needed) return `needs at least ${count(needed)} ${trait.counted}, has ${count(has)}`;
  if (kpi.coverage !== null && kpi.coverage < 1) {
    return `only ${watchedPercent(kpi.coverage)} of the window was watched`;
  }
  return has === 0 ? `no ${trait.counted} in this window` : `too few ${trait.counted} to tell, has ${count(has)}`;
}

/**
 * How many events without a single bad one prove, at 95 %, that fewer than `allowed` are bad:
 * (1 − allowed)^n ≤ 0.05; 299 for a P99 or an error rate of 1 %.
 */
function neededEvents(kpi: Kpi, tier: TierId): number | null {
  const allowed = kpi.quantile ? 1 - kpi.quantile : kpi.id === 'error_rate' ? kpi.targets[tier] : null;
  if (allowed === null || !(allowed > 0 && allowed < 1)) return null;
  return Math.ceil(Math.log(0.05) / Math.log1p(-allowed));
}
