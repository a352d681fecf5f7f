/**
 * What an answer's headers tell of a window. https://harvestdocs.greenhouse.io/docs/api-rate-limiting
 */
export interface WindowHeaders {
  limit: number;
  remaining: number;
  /** Their time, in milliseconds since 1970. */
  resetAt: number;
}

/** Null where one is missing or is no number that such a header could have. */
export function readWindowHeaders(headers: Readonly<Record<string, string>>): WindowHeaders | null {
  const [limit, remaining, reset] = ['limit', 'remaining', 'reset'].map((name) => toWhole(headers[`x-ratelimit-${name}`]));
  if (limit === undefined || remaining === undefined || reset === undefined) return null;
  // Seconds since 1970, of this century; anything else is another unit.
  if (limit < 1 || remaining > limit || reset < 1_000_000_000 || reset > 10_000_000_000) return null;
  return { limit, remaining, resetAt: reset * 1000 };
}

/** Their time by the header `Date`, which counts in whole seconds. */
export function readDateHeader(headers: Readonly<Record<string, string>>): number | null {
  const at = Date.parse(headers.date ?? '');
  return Number.isNaN(at) ? null : at;
}

function toWhole(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,12}$/.test(text.trim()) ? Number(text) : undefined;
}
