import type { Ingest, ReasonCount } from '../status/types.ts';

/** A reason that requests were refused for; `retry` when the sender was asked to send the same again. */
export interface RefusedCount extends ReasonCount {
  readonly retry: boolean;
}

export interface Sender {
  readonly peer: string | null;
  readonly service: string | null;
  readonly signals: readonly string[];
  readonly itemsPerSecond: number;
  readonly bytesPerSecond: number;
  readonly items: number;
  readonly lastHeard: string;
  readonly bytes: number;
  readonly inflatedBytes: number;
  readonly rejected: readonly ReasonCount[];
  readonly refused: readonly RefusedCount[];
  readonly remarks: readonly ReasonCount[];
  readonly repeated: number;
  /** Behind when positive, ahead when negative; null when unknown or too small to tell. */
  readonly clockSkewSeconds: number | null;
}

export interface MetricUse {
  readonly name: string;
  readonly kind: string;
  readonly series: number;
  readonly limit: number;
  readonly overflowed: boolean;
  readonly labels: readonly { readonly name: string; readonly values: number }[];
}

export interface Fill {
  readonly bytes: number;
  readonly limit: number;
}

/** The answer of `/api/ingest`. Counts are since `from`, the start of the server. */
export interface IngestReport {
  readonly from: string;
  readonly to: string;
  readonly watermark: string | null;
  readonly lastReceived: string | null;
  readonly senders: readonly Sender[];
  readonly sendersInAll: number;
  readonly sendersForgotten: number;
  readonly metrics: readonly MetricUse[];
  readonly series: number;
  readonly seriesLimit: number;
  readonly refused: readonly RefusedCount[];
  readonly rejected: readonly ReasonCount[];
  readonly remarks: readonly ReasonCount[];
  readonly repeated: number;
  readonly journal: (Fill & { readonly failures: number }) | null;
  readonly uncommitted: Fill;
  readonly endpoints: Ingest['endpoints'];
}
