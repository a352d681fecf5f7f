import { createHash } from 'node:crypto';
import type { PoolClient } from 'pg';

/** Asked so often within such a time, a statement is worth a plan that is kept; what the chores ask at rest never is. */
const OFTEN = { times: 50, withinMs: 5_000 };
/** So many texts at most have a name; the pipeline has some fifty, and lists of many lengths make ever new ones. */
const NAMES_MOST = 120;
/** So many texts at most are counted at a time. */
const COUNTED_MOST = 1000;

interface Count {
  times: number;
  sinceMs: number;
}

/**
 * Gives names to statements that are asked often just now, by which each session plans them once instead of every time: half of the
 * database's work on the way from a webhook to a note. Each plan costs the session memory, so that a server at rest has none.
 * https://node-postgres.com/features/queries#prepared-statements, https://www.postgresql.org/docs/current/sql-prepare.html
 */
export function createStatementNames(steadyMs: () => number = () => performance.now()) {
  const nameOf = new Map<string, string>();
  let counts = new Map<string, Count>();

  const nameFor = (text: string): string | undefined => {
    const known = nameOf.get(text);
    if (known !== undefined || nameOf.size >= NAMES_MOST) return known;
    const now = steadyMs();
    const count = counts.get(text);
    if (!count || now - count.sinceMs > OFTEN.withinMs) {
      if (counts.size >= COUNTED_MOST) counts = new Map();
      counts.set(text, { times: 1, sinceMs: now });
      return undefined;
    }
    count.times += 1;
    if (count.times < OFTEN.times) return undefined;
    counts.delete(text);
    const name = `t${createHash('sha256').update(text).digest('hex').slice(0, 32)}`;
    nameOf.set(text, name);
    return name;
  };

  return {
    /** From now on what is asked of this session has its name. */
    use(client: PoolClient): void {
      const ask: (...given: unknown[]) => unknown = client.query.bind(client);
      const named = (query: unknown, values: unknown): unknown => {
        if (!isPlainStatement(query) || !Array.isArray(values) || values.length === 0) return query;
        const name = nameFor(query.text);
        return name === undefined ? query : { ...query, name };
      };
      Object.assign(client, { query: (first: unknown, ...rest: unknown[]) => ask(named(first, rest[0]), ...rest) });
    },
  };
}

/** As the layer of queries hands them over; what is made by hand, or is named already, stays as it is. */
function isPlainStatement(query: unknown): query is { text: string } {
  if (typeof query !== 'object' || query === null || 'submit' in query) return false;
  return 'text' in query && typeof query.text === 'string' && !('name' in query && query.name);
}
