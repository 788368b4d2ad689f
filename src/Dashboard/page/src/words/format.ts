// Numbers as people read them: up to three significant digits, always with the unit.

export const nothing = '–';

/** Rounds to `digits` significant digits and drops zeros that say nothing. */
export function significant(value: number, digits = 3): string {
  if (value === 0) return '0';
  const rounded = Number(value.toPrecision(digits));
  const decimals = Math.max(0, digits - 1 - Math.floor(Math.log10(Math.abs(rounded))));
  return rounded.toLocaleString('en-US', { maximumFractionDigits: Math.min(decimals, 12) });
}

const durationUnits = [
  { name: 'd', seconds: 86_400, from: 172_800 }, // Hours stay hours up to two days: "36 h" says more than "1.5 d".
  { name: 'h', seconds: 3_600, from: 3_600 },
  { name: 'min', seconds: 60, from: 60 },
  { name: 's', seconds: 1, from: 1 },
] as const;

/** Seconds in; "0.42 ms", "118 ms", "1.2 s", "12 min", "3.5 h" out. */
export function duration(seconds: number | null, digits = 3): string {
  if (seconds === null) return nothing;
  // Rounded before the unit is chosen, or 0.9996 s would read "1,000 ms".
  const rounded = Number(seconds.toPrecision(digits));
  const unit = durationUnits.find(({ from }) => rounded >= from);
  if (!unit) return `${significant(seconds * 1_000, digits)} ms`;
  return `${significant(Math.max(seconds, unit.from) / unit.seconds, digits)} ${unit.name}`;
}

const smallestPercent = 0.0001;

/** A ratio 0..1 as percent. What is not zero never reads 0 %, what is not all never reads 100 %. */
export function percent(ratio: number | null, digits = 3): string {
  if (ratio === null) return nothing;
  const value = ratio * 100;
  if (value > 0 && value < smallestPercent) return `<${smallestPercent} %`;
  if (value > 99 && value < 100) return value > 99.999 ? '>99.999 %' : `${trimmed(value, 3)} %`;
  return `${significant(value, digits)} %`;
}

/** Rounded down: what was not watched whole never reads 100 %, and 89.99 % never as the 90 % that a verdict needs. */
export function watchedPercent(coverage: number): string {
  return `${significant(Math.floor(coverage * 1_000) / 10)} %`;
}

/** Uptime keeps three decimals: between 99.9 % and 99.99 % lies everything that matters. */
export function uptimePercent(ratio: number | null): string {
  if (ratio === null) return nothing;
  const value = ratio * 100;
  return value > 99.999 && value < 100 ? '>99.999 %' : `${trimmed(value, 3)} %`;
}

/** Dollars with cents; below a dollar three digits, because a tenth of a cent per user is money. */
export function dollars(amount: number | null): string {
  if (amount === null) return nothing;
  const size = Math.abs(amount);
  const decimals = size === 0 || size >= 100 ? 0 : size >= 1 ? 2 : Math.max(2, 2 - Math.floor(Math.log10(size)));
  const rounded = size >= 1_000 ? Number(size.toPrecision(3)) : size;
  const digits = rounded.toLocaleString('en-US', {
    minimumFractionDigits: Math.min(decimals, 2),
    maximumFractionDigits: Math.min(decimals, 12),
  });
  return `${amount < 0 ? '−' : ''}$${digits}`;
}

/** Counts are exact up to a million: who adds up the rows must get the sum. */
export function count(value: number | null): string {
  if (value === null) return nothing;
  if (Math.abs(value) < 1_000_000) return Math.round(value).toLocaleString('en-US');
  const [unit, size] = Math.abs(value) < 1e9 ? ['M', 1e6] : ['G', 1e9];
  return `${(value / Number(size)).toLocaleString('en-US', { maximumFractionDigits: 2 })} ${unit}`;
}

export function perSecond(rate: number | null): string {
  return rate === null ? nothing : `${significant(rate)}/s`;
}

/** As `perSecond`, of a rate that fades and never quite ends. */
export function rate(perSecondNow: number): string {
  return perSecond(perSecondNow < 0.01 ? 0 : perSecondNow);
}

const byteUnits = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];

/** "512 B", "1.5 KiB", "4 GiB". */
export function bytes(size: number): string {
  const power = Math.min(byteUnits.length - 1, Math.floor(Math.log2(Math.max(size, 1)) / 10));
  return `${significant(power === 0 ? Math.round(size) : size / 1_024 ** power)} ${byteUnits[power]}`;
}

function trimmed(value: number, decimals: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: decimals });
}
