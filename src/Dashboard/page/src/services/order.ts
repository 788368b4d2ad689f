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
export function inPlace(services: readonly Service[], places: readonly string[]): Service[] {
  const place = new Map(places.map((name, index) => [name, index]));
  const at = (service: Service) => place.get(service.service) ?? places.length;
  return [...services].sort((a, b) => at(a) - at(b));
}
