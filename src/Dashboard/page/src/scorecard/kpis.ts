import { dollars, duration, percent, uptimePercent } from '../words/format.ts';
import type { KpiId, Kpi, TierId } from '../status/types.ts';

/** What the page must know about a KPI beyond the figures: how to write it and which way is better. */
export interface KpiTrait {
  readonly id: KpiId;
  readonly name: string;
  readonly better: 'lower' | 'higher';
  /** How the target is written: uptime and cost are met at equality, the others are strict. */
  readonly limit: '<' | '>' | '≤' | '≥';
  /** What its n counts. */
  readonly counted: string;
  readonly write: (value: number | null) => string;
}

/** Always this order and place: who looks from three metres finds a tile by where it is. */
export const kpiTraits: readonly KpiTrait[] = [
  { id: 'p99_latency', name: 'P99 latency', better: 'lower', limit: '<', counted: 'requests', write: duration },
  { id: 'uptime', name: 'Uptime', better: 'higher', limit: '≥', counted: 'slots', write: uptimePercent },
  { id: 'error_rate', name: 'Error rate', better: 'lower', limit: '<', counted: 'requests', write: percent },
  { id: 'mttr', name: 'MTTR', better: 'lower', limit: '<', counted: 'outages', write: duration },
  { id: 'db_query_time', name: 'DB query time', better: 'lower', limit: '<', counted: 'queries', write: duration },
  { id: 'cache_hit_ratio', name: 'Cache hit ratio', better: 'higher', limit: '>', counted: 'reads', write: percent },
  { id: 'monthly_churn', name: 'Monthly churn', better: 'lower', limit: '<', counted: 'customers', write: percent },
  { id: 'infra_cost_per_user', name: 'Infrastructure cost per user', better: 'lower', limit: '≤', counted: 'users', write: dollars },
];

export const tierName: Readonly<Record<TierId, string>> = { '1k': '1k', '100k': '100k', '1m': '1M' };

/** What a KPI looks like that the server does not send. */
export function absentKpi(trait: KpiTrait): Kpi {
  const unit = trait.write === dollars ? 'USD' : trait.write === duration ? 's' : '1';
  const perTier = <T>(value: T) => ({ '1k': value, '100k': value, '1m': value });
  return {
    id: trait.id, name: trait.name, unit, value: null, low: null, high: null, numerator: null, denominator: null,
    n: null, coverage: null, source: null, targets: perTier(NaN), verdicts: perTier('not_measured' as const),
    note: null, newest: null, spark: [],
  };
}
