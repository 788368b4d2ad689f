import type { Service } from '../status/types.ts';

/** Worst first: by error ratio, then by p99; what is not known comes last. */
export function worstFirst(services: readonly Service[]): Service[] {
  const badness = (value: number | null) => value ?? -1;
  return [...services].sort(
    (a, b) =>
      badness(b.errorRatio) - badness(a.errorRatio) ||
      badness(b.p99) - badness(a.p99) ||
      a.service.localeCompare(b.service),
  );
}

/** Keeps rows where they were while somebody points at them; newcomers go to the end. */
export function inPlace<Row>(rows: readonly Row[], places: readonly string[], keyOf: (row: Row) => string): Row[] {
  const place = new Map(places.map((key, index) => [key, index]));
  const at = (row: Row) => place.get(keyOf(row)) ?? places.length;
  return [...rows].sort((a, b) => at(a) - at(b));
}
