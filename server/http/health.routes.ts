import { createRoute, z } from '@hono/zod-openapi';
import { sql } from 'drizzle-orm';
import { PATHS } from '../../lib/contract/paths.ts';
import { loggableError } from '../loggable-error.ts';
import type { Services } from '../services.ts';
import { findStoreWarnings } from '../storage/find-store-warnings.ts';
import { waitAtMost } from '../wait-at-most.ts';
import { json, refusals } from './answers.ts';
import { ApiError } from './api-error.ts';
import type { App } from './app-env.ts';

const okSchema = z.object({ status: z.literal('ok') });
const readySchema = okSchema.extend({ warnings: z.array(z.string()) });

const health = createRoute({
  method: 'get',
  path: PATHS.health,
  summary: 'The process is alive',
  responses: { 200: json(okSchema, 'Alive') },
});

const ready = createRoute({
  method: 'get',
  path: PATHS.ready,
  summary: 'The database answers and takes what is written; `warnings` says what it may lose',
  responses: { 200: json(readySchema, 'Ready'), ...refusals },
});

/** Whoever asks has a patience of its own, mostly of some seconds, and a database that hangs is no better than one that is away. */
const ANSWER_MS = 3000;

/** For whoever watches the server: a load balancer, a container platform, a person. */
export function addHealthRoutes(app: App, { db, log }: Pick<Services, 'db' | 'log'>): void {
  app.openapi(health, (c) => c.json({ status: 'ok' as const }, 200));
  app.openapi(ready, async (c) => {
    try {
      const warnings = await waitAtMost(ANSWER_MS, askStore(db));
      if (!warnings) throw new Error(`no answer within ${ANSWER_MS} ms`);
      return c.json({ status: 'ok' as const, warnings }, 200);
    } catch (error) {
      log.warn({ error: error instanceof Error ? loggableError(error) : 'unknown' }, 'not ready');
      throw new ApiError('store-unavailable', { retryAfterSeconds: 5 });
    }
  });
}

async function askStore(db: Services['db']) {
  await refuseReadOnly(db);
  return await findStoreWarnings(db);
}

/** A standby, or a database that an operator or a full disk has closed for writing. */
async function refuseReadOnly(db: Services['db']): Promise<void> {
  const { rows } = await db.execute<{ closed: boolean }>(
    sql`select pg_is_in_recovery() or current_setting('transaction_read_only') = 'on' as closed`,
  );
  if (rows[0]?.closed) throw new Error('the database takes no writes');
}
