// What the hub sends. Ratios are 0..1, durations seconds, money USD, instants ISO 8601 UTC; null is "not known", never 0.

export type StatusWindow = '5m' | '1h' | '24h' | '7d' | '30d' | 'month';
export const statusWindows: readonly StatusWindow[] = ['5m', '1h', '24h', '7d', '30d', 'month'];

export type TierId = '1k' | '100k' | '1m';
export const tierIds: readonly TierId[] = ['1k', '100k', '1m'];

export type Verdict = 'pass' | 'fail' | 'at_risk' | 'insufficient_data' | 'not_measured';
export type PerTier<T> = Readonly<Record<TierId, T>>;

export type KpiId =
  | 'p99_latency'
  | 'uptime'
  | 'error_rate'
  | 'mttr'
  | 'db_query_time'
  | 'cache_hit_ratio'
  | 'monthly_churn'
  | 'infra_cost_per_user';

export interface Tier {
  readonly users: number | null;
  readonly current: TierId;
  readonly next: string | null;
}

/** One layer of a cache, on the reads that reached it. */
export interface Layer {
  readonly name: string;
  /** Null when nothing reached it, or when nobody counts its hits: then it may not exist. */
  readonly ratio: number | null;
  readonly hits: number | null;
  readonly misses: number | null;
}

/** The value of a label with the worst figure. */
export interface Worst {
  readonly label: string;
  readonly name: string;
  readonly value: number;
  readonly n: number;
}

export interface Kpi {
  readonly id: KpiId;
  readonly name: string;
  readonly unit: 's' | '1' | 'USD';
  readonly value: number | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly numerator: number | null;
  readonly denominator: number | null;
  readonly n: number | null;
  readonly coverage: number | null;
  readonly source: string | null;
  readonly targets: PerTier<number>;
  readonly verdicts: PerTier<Verdict>;
  readonly shares?: PerTier<number | null> | null;
  readonly quantile?: number | null;
  readonly layers?: readonly Layer[] | null;
  readonly worst?: Worst | null;
  /** One line of words from the server; it wins over the line the page would make. */
  readonly note: string | null;
  /** End of the newest slice with data; null when the figure has no slices (bills, incidents). */
  readonly newest: string | null;
  readonly spark: readonly (number | null)[];
}

export interface Service {
  readonly service: string;
  readonly requests: number | null;
  readonly errors: number | null;
  readonly aborted: number | null;
  readonly rate: number | null;
  readonly errorRatio: number | null;
  readonly p50: number | null;
  readonly p90: number | null;
  readonly p99: number | null;
  readonly source: string | null;
  readonly estimated?: boolean | null;
  /** Share of the window that was watched. */
  readonly coverage?: number | null;
  readonly newest: string | null;
  /** Requests per second, one number per step. */
  readonly spark: readonly (number | null)[];
}

export interface ReasonCount {
  readonly reason: string;
  readonly count: number;
}

/** Who sends running totals, whether anything happens or not: their silence says something. */
export interface Sources {
  readonly live: number;
  readonly unknown: number;
  readonly retired: number;
  readonly silent: readonly { readonly service: string; readonly instance: string; readonly lastHeard: string }[];
}

export interface Ingest {
  readonly accepted: number;
  readonly refused: readonly ReasonCount[];
  readonly noted: readonly ReasonCount[];
  readonly series: number;
  readonly seriesLimit: number;
  readonly lastReceived: string | null;
  readonly sources?: Sources | null;
  readonly endpoints: { readonly grpc: string | null; readonly http: string | null };
}

export interface Problem {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

interface Instant {
  readonly version: number;
  readonly at: string;
  readonly from: string;
  readonly to: string;
  readonly watermark: string | null;
  /** Begin of the lines' first step: `from`, or less than a step before it. */
  readonly lineFrom: string;
  readonly tier: Tier;
}

export interface StatusSnapshot extends Instant {
  readonly window: string;
  readonly stepSeconds: number;
  readonly kpis: readonly Kpi[];
  readonly services: readonly Service[];
  readonly ingest: Ingest;
  readonly problems: readonly Problem[];
  readonly build: string;
}

export interface StatusDelta extends Instant {
  readonly base: number;
  /** Lets a delta of the window just left be told from one of the new window. */
  readonly window?: string | null;
  readonly kpis: readonly Kpi[];
  readonly services: readonly Service[];
  readonly gone: readonly string[];
  readonly ingest: Ingest | null;
  readonly problems: readonly Problem[] | null;
}
