const DEFAULT_MS = 2_000;
const MAX_MS = 3_600_000;

/**
 * How long to wait, in milliseconds, from a Retry-After header: seconds or an HTTP date
 * (https://www.rfc-editor.org/rfc/rfc9110#field.retry-after). Two seconds where it says nothing sensible, an hour at most. A date that has
 * gone by is one of a clock that is behind ours: taken at its word, everything would be asked for again without any pause.
 */
export function retryAfterMs(header: string | undefined, now: Date): number {
  const text = header?.trim() ?? '';
  if (/^\d+(\.\d+)?$/.test(text)) return Math.min(Number(text) * 1_000, MAX_MS);
  // `Date.parse` makes a year of "-5".
  const waitMs = /^[a-z]{3}/i.test(text) || /^\d{4}-/.test(text) ? Date.parse(text) - now.getTime() : Number.NaN;
  return waitMs > 0 ? Math.min(waitMs, MAX_MS) : DEFAULT_MS;
}
