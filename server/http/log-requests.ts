import type { MiddlewareHandler } from 'hono';
import { matchedRoutes } from 'hono/route';
import type { Services } from '../services.ts';
import type { AppEnv } from './app-env.ts';

/**
 * One line per request. The route's pattern stands for the path and the query is left out: both can carry candidates' ids,
 * and the address of a webhook is a secret.
 */
export function logRequests({ log, clock, random }: Pick<Services, 'log' | 'clock' | 'random'>): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    const startedAt = clock.now().getTime();
    c.set('requestId', random.uuid());
    c.header('X-Request-Id', c.get('requestId'));
    await next();
    const route = matchedRoutes(c).findLast((matched) => !matched.path.includes('*'))?.path ?? 'unknown';
    const ms = clock.now().getTime() - startedAt;
    log.info({ requestId: c.get('requestId'), method: c.req.method, route, status: c.res.status, ms }, 'request');
  };
}
