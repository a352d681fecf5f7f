import type { MiddlewareHandler } from 'hono';
import { matchedRoutes } from 'hono/route';
import type { LeverApi, LeverApiEnv } from './api-env.ts';

/** Every call under the pattern of its route ("PUT /v1/opportunities/:opportunity/stage"). The key is named by its label only. */
export function writeJournal({ journal }: LeverApi): MiddlewareHandler<LeverApiEnv> {
  return async (c, next) => {
    const isJson = c.req.header('content-type')?.startsWith('application/json') ?? false;
    const text = isJson ? await c.req.text() : '';
    const { pathname, search } = new URL(c.req.url);
    await next();
    const pattern = matchedRoutes(c).findLast((route) => !route.path.endsWith('*'))?.path ?? pathname;
    const key = c.get('key')?.label ?? null;
    const detail = { path: pathname, query: search, key, params: c.req.param(), body: toBody(text) };
    const status = c.get('lost') ? null : c.res.status;
    journal.add({ simulator: 'lever', kind: 'api', what: `${c.req.method} ${pattern}`, status, detail });
  };
}

function toBody(text: string): unknown {
  try {
    return text === '' ? null : JSON.parse(text);
  } catch {
    return text;
  }
}
