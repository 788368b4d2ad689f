import type { ReasonCount } from '../status/types.ts';
import { duration } from '../words/format.ts';
import type { IngestReport, RefusedCount, Sender } from './report.ts';

export const sum = (counts: readonly ReasonCount[]) => counts.reduce((total, { count }) => total + count, 0);

/** What is the sender's own fault: who was asked to try again did nothing wrong. */
export function faults({ rejected, refused }: Pick<Sender, 'rejected' | 'refused'>): number {
  return sum(rejected) + sum(refused.filter(({ retry }) => !retry));
}

/** Worst first: by what was not taken, then by rate. */
export function worstSenders(senders: readonly Sender[]): Sender[] {
  return [...senders].sort((a, b) => faults(b) - faults(a) || b.itemsPerSecond - a.itemsPerSecond);
}

export function senderKey({ peer, service }: Sender): string {
  return `${peer ?? ''} ${service ?? ''}`;
}

/** "4.2 s ahead", "3 min behind or late"; empty when nothing can be told. */
export function clockWords(skewSeconds: number | null): string {
  if (skewSeconds === null) return '';
  return skewSeconds < 0 ? `${duration(-skewSeconds, 2)} ahead` : `${duration(skewSeconds, 2)} behind or late`;
}

export interface ReasonRow extends ReasonCount {
  /** What was counted, and what became of it. */
  readonly of: string;
  readonly bad: boolean;
}

/** All reasons in one list: what was not taken first, what was asked to come again and what was only remarked behind it. */
export function reasonRows({ rejected, refused, remarks }: Pick<IngestReport, 'rejected' | 'refused' | 'remarks'>): ReasonRow[] {
  const rows = (counts: readonly ReasonCount[], of: string, bad: boolean) => counts.map(({ reason, count }) => ({ reason, count, of, bad }));
  const final = (counts: readonly RefusedCount[], retry: boolean) => counts.filter((entry) => entry.retry === retry);
  const worst = [...rows(rejected, 'items rejected', true), ...rows(final(refused, false), 'requests refused', true)];
  return [
    ...worst.sort((a, b) => b.count - a.count),
    ...rows(final(refused, true), 'requests asked to try again', false),
    ...rows(remarks, 'items taken with a remark', false),
  ];
}
