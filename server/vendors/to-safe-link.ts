const MAX_LENGTH = 2_000;

/**
 * A report link as it may be shown and written into a note: https, without credentials, at one of `hosts` or below it; any host
 * where none are given. Null for everything else.
 */
export function toSafeLink(text: unknown, hosts?: readonly string[]): string | null {
  if (typeof text !== 'string' || text.length > MAX_LENGTH || !URL.canParse(text)) return null;
  const url = new URL(text);
  if (url.protocol !== 'https:' || url.username || url.password) return null;
  return !hosts || hosts.some((host) => isAtOrBelow(url, host.toLowerCase())) ? url.href : null;
}

/** `host` may name a port; without one only the usual port counts. */
function isAtOrBelow(url: URL, host: string): boolean {
  return host !== '' && (url.host === host || url.host.endsWith(`.${host}`));
}
