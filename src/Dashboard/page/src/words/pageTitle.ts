import type { StatusSnapshot } from '../status/types.ts';

/** The tab says how many KPIs fail at the current tier, for who has twenty tabs open. */
export function pageTitle(snapshot: StatusSnapshot | null): string {
  const failing = snapshot?.kpis.filter((kpi) => kpi.verdicts[snapshot.tier.current] === 'fail').length ?? 0;
  return failing === 0 ? 'Kpi' : `■ ${failing} – Kpi`;
}
