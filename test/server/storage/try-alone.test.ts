import { sql } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { tryAlone } from '../../../server/storage/try-alone.ts';
import { usePipeline } from '../../support/pipeline.ts';

const pipeline = usePipeline();

/** As a server does that restarts, or that finds the session idle for too long. */
async function endHolder(db: ReturnType<typeof pipeline.current>['db']): Promise<void> {
  await db.execute(sql`select pg_terminate_backend(pid, 5000) from pg_locks
    where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())`);
}

test('work that was done is no failure where the session of its lock has ended meanwhile', async () => {
  const { db } = pipeline.current();
  const done = await tryAlone(db, 'somebody', async () => {
    await endHolder(db);
    return 'done';
  });
  expect(done).toBe('done');
});

test('work that failed has failed, and who comes second does not begin', async () => {
  const { db } = pipeline.current();
  await expect(tryAlone(db, 'somebody', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  const outer = await tryAlone(db, 'somebody', () => tryAlone(db, 'somebody', async () => 'second'));
  expect(outer).toBeUndefined();
  expect(await tryAlone(db, 'somebody', async () => 'first')).toBe('first');
});

test('who does nothing for too long with the lock gives way, and is told so', async () => {
  const { db } = pipeline.current();
  const isAlone = await tryAlone(
    db,
    'somebody',
    async (isStillAlone) => {
      expect(await isStillAlone()).toBe(true);
      await expect.poll(() => tryAlone(db, 'somebody', async () => 'second'), { timeout: 10_000 }).toBe('second');
      return await isStillAlone();
    },
    // Long enough for it to be seen alone at first.
    { idleMs: 1_000 },
  );
  expect(isAlone).toBe(false);
});
