const DEFAULT_MS = 2_000;
const MAX_MS = 3_600_000;

/**
 * How long to wait, in milliseconds, from a Retry-After header: seconds or an HTTP date
 * (https://www.rfc-editor.org/rfc/rfc9110#field.retry-after). Two seconds where it says nothing sensible, an hour at most.
 */
export function retryAfterMs(header: string | undefined, now: Date): number {
  const text = header?.trim() ?? '';
  if (/^\d+(\.\d+)?$/.test(text)) return Math.min(Number(text) * 1_000, MAX_MS);
  const at = Date.parse(text);
  return Number.isNaN(at) ? DEFAULT_MS : Math.min(Math.max(at - now.getTime(), 0), MAX_MS);
}
