import type { StatusDelta, StatusSnapshot } from './types.ts';

export type Applied =
  | { readonly kind: 'applied'; readonly snapshot: StatusSnapshot }
  | { readonly kind: 'other_window' }
  | { readonly kind: 'missed_some' };

/** Applies a delta, or says why it cannot be: then the snapshot must be fetched again. */
export function applyDelta(snapshot: StatusSnapshot, delta: StatusDelta): Applied {
  if (delta.window != null && delta.window !== snapshot.window) return { kind: 'other_window' };
  if (delta.base !== snapshot.version) return { kind: 'missed_some' };

  return {
    kind: 'applied',
    snapshot: {
      ...snapshot,
      version: delta.version,
      at: delta.at,
      from: delta.from,
      to: delta.to,
      watermark: delta.watermark,
      lineFrom: delta.lineFrom,
      tier: delta.tier,
      kpis: replaced(snapshot.kpis, delta.kpis, (kpi) => kpi.id),
      services: without(replaced(snapshot.services, delta.services, (s) => s.service), delta.gone),
      ingest: delta.ingest ?? snapshot.ingest,
      problems: delta.problems ?? snapshot.problems,
    },
  };
}

/** Unchanged entries keep their identity: the rows that show them are not drawn again. */
function replaced<T>(old: readonly T[], changed: readonly T[], key: (entry: T) => string): readonly T[] {
  if (changed.length === 0) return old;
  const fresh = new Map(changed.map((entry) => [key(entry), entry]));
  const kept = old.map((entry) => {
    const successor = fresh.get(key(entry));
    fresh.delete(key(entry));
    return successor ?? entry;
  });
  return [...kept, ...fresh.values()];
}

function without<T extends { service: string }>(services: readonly T[], gone: readonly string[]): readonly T[] {
  if (gone.length === 0) return services;
  const names = new Set(gone);
  return services.filter((entry) => !names.has(entry.service));
}
