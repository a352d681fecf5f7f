import { createRoute, z } from '@hono/zod-openapi';
import { sql } from 'drizzle-orm';
import { PATHS } from '../../lib/contract/paths.ts';
import { loggableError } from '../loggable-error.ts';
import type { Services } from '../services.ts';
import { json, refusals } from './answers.ts';
import { ApiError } from './api-error.ts';
import type { App } from './app-env.ts';

const okSchema = z.object({ status: z.literal('ok') });

const health = createRoute({
  method: 'get',
  path: PATHS.health,
  summary: 'The process is alive',
  responses: { 200: json(okSchema, 'Alive') },
});

const ready = createRoute({
  method: 'get',
  path: PATHS.ready,
  summary: 'The database answers',
  responses: { 200: json(okSchema, 'Ready'), ...refusals },
});

/** For whoever watches the server: a load balancer, a container platform, a person. */
export function addHealthRoutes(app: App, { db, log }: Pick<Services, 'db' | 'log'>): void {
  app.openapi(health, (c) => c.json({ status: 'ok' as const }, 200));
  app.openapi(ready, async (c) => {
    try {
      await db.execute(sql`select 1`);
    } catch (error) {
      log.warn({ error: error instanceof Error ? loggableError(error) : 'unknown' }, 'not ready');
      throw new ApiError('store-unavailable', { retryAfterSeconds: 5 });
    }
    return c.json({ status: 'ok' as const }, 200);
  });
}
