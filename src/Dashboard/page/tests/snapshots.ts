import type { Kpi, Layer, PerTier, Service, StatusDelta, StatusSnapshot, Tier, Verdict } from '../src/status/types.ts';

export function perTier<T>(small: T, middle: T, large: T): PerTier<T> {
  return { '1k': small, '100k': middle, '1m': large };
}

export const smallTier: Tier = { users: 832, current: '1k', next: '100k' };

export function kpi(change: Partial<Kpi> = {}): Kpi {
  return {
    id: 'p99_latency', name: 'P99 latency', unit: 's', value: 0.162, low: 0.157, high: 0.168,
    numerator: null, denominator: null, n: 48_213, coverage: null, source: 'metrics',
    targets: perTier(0.2, 0.15, 0.1), verdicts: perTier<Verdict>('pass', 'pass', 'pass'),
    quantile: 0.99, note: null, newest: null, spark: [], ...change,
  };
}

export function layer(change: Partial<Layer> = {}): Layer {
  return { name: 'L2', ratio: 0.931, hits: 931, misses: 69, ...change };
}

export function service(name: string, change: Partial<Service> = {}): Service {
  return {
    service: name, requests: 100, errors: 0, aborted: 0, rate: 1, errorRatio: 0, p50: 0.01, p90: 0.02, p99: 0.03,
    source: 'spans', newest: null, spark: [], ...change,
  };
}

export function snapshot(change: Partial<StatusSnapshot> = {}): StatusSnapshot {
  return {
    version: 7, at: '2026-11-22T14:02:00Z', window: '5m', from: '2026-11-22T13:57:00Z', to: '2026-11-22T14:02:00Z',
    watermark: null, lineFrom: '2026-11-22T13:57:00Z', stepSeconds: 10, tier: smallTier,
    kpis: [kpi()], services: [service('catalog'), service('checkout')],
    ingest: {
      accepted: 1, refused: [], noted: [], series: 1, seriesLimit: 10, lastReceived: null,
      endpoints: { grpc: null, http: null },
    },
    problems: [], build: 'test', ...change,
  };
}

export function delta(change: Partial<StatusDelta> = {}): StatusDelta {
  return {
    version: 8, base: 7, at: '2026-11-22T14:02:01Z', from: '2026-11-22T13:57:01Z', to: '2026-11-22T14:02:01Z',
    watermark: null, lineFrom: '2026-11-22T13:57:00Z', tier: smallTier,
    kpis: [], services: [], gone: [], ingest: null, problems: null, ...change,
  };
}
