import { createRoute, z } from '@hono/zod-openapi';
import { sql } from 'drizzle-orm';
import { PATHS } from '../../lib/contract/paths.ts';
import type { LoopState } from '../jobs/loop.ts';
import { loggableError } from '../loggable-error.ts';
import type { Services } from '../services.ts';
import { findStoreWarnings } from '../storage/find-store-warnings.ts';
import { isMigrated } from '../storage/is-migrated.ts';
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
  summary:
    'The database answers, takes what is written and is of this version, and no chore of the background hangs; `warnings` says what the database may lose',
  responses: { 200: json(readySchema, 'Ready'), ...refusals },
});

/** Whoever asks has a patience of its own, mostly of some seconds, and a database that hangs is no better than one that is away. */
const ANSWER_MS = 3000;
/** Every statement and every call ends by itself in far less; even a long list read page by page comes to its end. */
const STUCK_MS = 10 * 60_000;

export interface HealthParts {
  services: Pick<Services, 'db' | 'log'>;
  /** The recurring chores of this process; none where it works nothing off. */
  chores: () => readonly LoopState[];
}

/** For whoever watches the server: a load balancer, a container platform, a person. */
export function addHealthRoutes(app: App, { services: { db, log }, chores }: HealthParts): void {
  app.openapi(health, (c) => c.json({ status: 'ok' as const }, 200));
  app.openapi(ready, async (c) => {
    try {
      refuseStuck(chores());
      const warnings = await waitAtMost(ANSWER_MS, askStore(db));
      if (!warnings) throw new Error(`no answer within ${ANSWER_MS} ms`);
      return c.json({ status: 'ok' as const, warnings }, 200);
    } catch (error) {
      log.warn({ error: error instanceof Error ? loggableError(error) : 'unknown' }, 'not ready');
      throw new ApiError('store-unavailable', { retryAfterSeconds: 5 });
    }
  });
}

/** A chore that fails is tried again and says so in the log; one that does not come back stands still until the process starts anew. */
function refuseStuck(chores: readonly LoopState[]): void {
  const stuck = chores.filter(({ runningForMs }) => runningForMs > STUCK_MS).map(({ name }) => name);
  if (stuck.length > 0) throw new Error(`hangs: ${stuck.join(', ')}`);
}

async function askStore(db: Services['db']) {
  await refuseReadOnly(db);
  if (!(await isMigrated(db))) throw new Error('the database is older than this version; a start brings it up to date');
  return await findStoreWarnings(db);
}

/** A standby, or a database that an operator or a full disk has closed for writing. */
async function refuseReadOnly(db: Services['db']): Promise<void> {
  const { rows } = await db.execute<{ closed: boolean }>(
    sql`select pg_is_in_recovery() or current_setting('transaction_read_only') = 'on' as closed`,
  );
  if (rows[0]?.closed) throw new Error('the database takes no writes');
}
