const clockTime = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const fullTime = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'long' });
const stepTime = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' });

/** "3 s", "12 min", "5 h", "3 d": one unit, rounded down, because an age has no decimals. */
export function ageText(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1_000));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 172_800) return `${Math.floor(seconds / 3_600)} h`;
  return `${Math.floor(seconds / 86_400)} d`;
}

/** Two slices of ten seconds: what is older is no longer "now". */
export const staleAfter = 20_000;

/** How old the newest slice is, or null while it is fresh or has no age at all. */
export function staleness(newest: string | null, serverNow: number): string | null {
  if (newest === null) return null;
  const age = serverNow - Date.parse(newest);
  return age > staleAfter ? ageText(age) : null;
}

export function clockText(instant: number | string): string {
  return clockTime.format(new Date(instant));
}

export function fullText(instant: number | string): string {
  return fullTime.format(new Date(instant));
}

/** When a step of a line is: its middle to the second; of steps of half an hour and more when they begin, with the day. */
export function stepText(begin: number, stepSeconds: number): string {
  return stepSeconds < 1_800 ? clockText(begin + stepSeconds * 500) : `from ${stepTime.format(new Date(begin))}`;
}

/** "UTC+02:00"; `minutesWest` as Date.getTimezoneOffset gives it. */
export function utcOffset(minutesWest: number): string {
  const size = Math.abs(minutesWest);
  const two = (part: number) => String(part).padStart(2, '0');
  return `UTC${minutesWest > 0 ? '−' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

export const windowStart: Readonly<Record<string, string>> = {
  '5m': '5 min ago',
  '1h': '1 h ago',
  '24h': '24 h ago',
  '7d': '7 days ago',
  '30d': '30 days ago',
  month: 'begin of the month, UTC',
};

export const windowText: Readonly<Record<string, string>> = {
  '5m': 'last 5 min',
  '1h': 'last hour',
  '24h': 'last 24 h',
  '7d': 'last 7 days',
  '30d': 'last 30 days',
  month: 'month to date',
};
