import type { Context } from 'hono';
import type { Journal } from './journal.ts';

/** What a simulated API keeps about a call while it is answered. */
export interface CallVariables {
  /** The answer was lost on its way: for the caller there is no status. */
  lost?: boolean;
  /** What the journal calls it, where method and path say too little. */
  what?: string;
}

/** Writes every call into the journal, answered or lost: method, path, query and body. The key is left out. */
export function journalCalls({ journal, simulator }: { journal: Journal; simulator: string }) {
  return async (c: Context<{ Variables: CallVariables }>, next: () => Promise<void>) => {
    const text = c.req.method === 'GET' ? '' : await c.req.raw.clone().text();
    await next();
    journal.add({
      simulator,
      kind: 'api',
      what: c.get('what') ?? `${c.req.method} ${c.req.path}`,
      status: c.get('lost') ? null : c.res.status,
      detail: { query: c.req.query(), body: text === '' ? null : toJson(text) },
    });
  };
}

function toJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
