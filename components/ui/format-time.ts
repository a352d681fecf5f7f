const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** From here on a date says more than "9 days ago". */
const RELATIVE_FOR_MS = 7 * DAY_MS;

type Locale = string | undefined;

/** "now", "5m ago", "2h ago", "yesterday", "in 3 days"; a date when it is over a week away. */
export function formatRelative(at: number, now: number, locale?: Locale): string {
  const distance = at - now;
  const size = Math.abs(distance);
  if (size >= RELATIVE_FOR_MS) return formatDay(at, now, locale);
  // What is past has not been longer than it says; what is to come is rounded, or a fresh deadline of 7 days would be "in 6 days".
  const count = (unitMs: number) => (distance > 0 ? Math.round : Math.trunc)(distance / unitMs);
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto', style: 'short' });
  if (size < MINUTE_MS) return relative.format(0, 'second');
  if (size < HOUR_MS) return relative.format(count(MINUTE_MS), 'minute');
  if (size < DAY_MS) return relative.format(count(HOUR_MS), 'hour');
  return relative.format(count(DAY_MS), 'day');
}

/** "Fri, Nov 28"; with the year when it is another one. */
export function formatDay(at: number, now: number, locale?: Locale): string {
  const sameYear = new Date(at).getFullYear() === new Date(now).getFullYear();
  const year = sameYear ? undefined : 'numeric';
  return new Intl.DateTimeFormat(locale, { weekday: 'short', day: 'numeric', month: 'short', year }).format(at);
}

/** "14:02" today, "Nov 20" before. */
export function formatMoment(at: number, now: number, locale?: Locale): string {
  const isToday = new Date(at).toDateString() === new Date(now).toDateString();
  if (isToday) return formatClock(at, locale);
  return new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short' }).format(at);
}

/** "14:02", or "2:02 PM" where people write it so. */
export function formatClock(at: number, locale?: Locale): string {
  return new Intl.DateTimeFormat(locale, { timeStyle: 'short' }).format(at);
}

/** The exact time, for whoever asks. */
export function formatExact(at: number, locale?: Locale): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeStyle: 'medium' }).format(at);
}
