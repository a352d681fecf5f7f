import type { DatabaseAddress } from './database-address.ts';

/** What the driver reads from a URL stands above what it is given beside it: see pg/lib/connection-parameters.js. */
const NAMES: ReadonlySet<string> = new Set(['application_name', 'fallback_application_name']);

/**
 * Where DATABASE_URL leads. The name of a session is always our own, because by it processes of ours find each other (process-name.ts); what
 * the URL gives as `options` for the database is told apart, so that it goes with ours and not in their place. The rest stays to the letter.
 */
export function readDatabaseUrl(url: string): Extract<DatabaseAddress, { connectionString: string }> {
  const [, address = url, query = '', fragment = ''] = /^([^?#]*)\?([^#]*)(.*)$/s.exec(url) ?? [];
  const parts = query.split('&').map((text) => ({ text, pairs: new URLSearchParams(text) }));
  const kept = parts.filter(({ pairs }) => ![...pairs.keys()].some((name) => NAMES.has(name) || name === 'options'));
  const options = parts.flatMap(({ pairs }) => pairs.getAll('options')).at(-1);
  const rest = kept.map(({ text }) => text).join('&');
  return { connectionString: `${address}${rest && `?${rest}`}${fragment}`, ...(options && { options }) };
}
