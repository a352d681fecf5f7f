import type { Pool, PoolClient } from 'pg';

/** The text of every statement that is asked through this pool from now on, in order. Each waits for what `before` does about it. */
export function watchStatements(pool: Pool, before?: (text: string) => Promise<void>): string[] {
  const asked: string[] = [];
  const watched = new WeakSet<PoolClient>();
  pool.on('acquire', (client) => {
    if (watched.has(client)) return;
    watched.add(client);
    const ask: (...given: unknown[]) => unknown = client.query.bind(client);
    const noted = (first: unknown, ...rest: unknown[]): unknown => {
      const text = textOf(first);
      asked.push(text);
      return before ? before(text).then(() => ask(first, ...rest)) : ask(first, ...rest);
    };
    Object.assign(client, { query: noted });
  });
  return asked;
}

function textOf(query: unknown): string {
  if (typeof query === 'string') return query;
  return typeof query === 'object' && query !== null && 'text' in query ? String(query.text) : '';
}
