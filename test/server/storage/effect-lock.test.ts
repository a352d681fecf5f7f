import { Pool } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type LockTimes, type StillHeld, withEffectLock } from '../../../server/storage/effect-lock.ts';
import { SOON } from '../../support/soon.ts';
import { createTestDatabase } from '../../support/test-database.ts';

let database: Awaited<ReturnType<typeof createTestDatabase>>;
/** Two processes, with one session each. */
let here: Pool;
let elsewhere: Pool;
beforeAll(async () => {
  database = await createTestDatabase();
  [here, elsewhere] = [new Pool({ ...database.address, max: 1 }), new Pool({ ...database.address, max: 1 })];
  for (const pool of [here, elsewhere]) pool.on('error', () => undefined);
});
afterAll(async () => {
  await Promise.all([here.end(), elsewhere.end()]);
  await database.drop();
});

const quick = async () => 'done';

/** Holds it until the test says so. */
async function hold(pool: Pool, id: string, times?: LockTimes) {
  let end = (_error?: Error) => {};
  const ends = new Promise<void>((resolve, reject) => {
    end = (error) => (error ? reject(error) : resolve());
  });
  let began = (_stillHeld: StillHeld) => {};
  const begun = new Promise<StillHeld>((resolve) => {
    began = resolve;
  });
  const work = async (stillHeld: StillHeld) => {
    began(stillHeld);
    await ends;
  };
  const running = withEffectLock(pool, id, work, times);
  running.catch(() => undefined);
  return { stillHeld: await begun, running, end };
}

const sessions = async () =>
  (
    await database.pool.query<{ pid: number }>(
      `select distinct pid from pg_locks where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())`,
    )
  ).rows.map(({ pid }) => pid);

test('one at a time, also of two in the same process, which share a session; then the next', async () => {
  const first = await hold(here, 'one');
  expect(await withEffectLock(here, 'one', quick)).toBe('busy');
  expect(await withEffectLock(elsewhere, 'one', quick)).toBe('busy');
  expect(await withEffectLock(here, 'another', quick)).toBe('done');
  first.end();
  await first.running;
  expect(await withEffectLock(elsewhere, 'one', quick)).toBe('done');
  expect(await withEffectLock(here, 'one', quick)).toBe('done');
});

test('what was let go of, here or elsewhere, may be taken again while the session goes on', async () => {
  const beside = await hold(here, 'beside');
  const away = await hold(elsewhere, 'one');
  expect(await withEffectLock(here, 'one', quick)).toBe('busy');
  away.end();
  await away.running;
  for (let times = 0; times < 2; times += 1) expect(await withEffectLock(here, 'one', quick)).toBe('done');
  expect(await beside.stillHeld()).toBe(true);
  beside.end();
  await beside.running;
});

test('of many who want the same at the same moment one gets it', async () => {
  let begun = 0;
  let refused = 0;
  const asked = await Promise.all(
    Array.from({ length: 40 }, (_, number) =>
      withEffectLock(number % 2 ? here : elsewhere, 'wanted', async () => {
        begun += 1;
        await expect.poll(() => refused).toBe(39);
        return 'done';
      }).then((answer) => {
        if (answer === 'busy') refused += 1;
        return answer;
      }),
    ),
  );
  expect(begun).toBe(1);
  expect(asked.filter((answer) => answer === 'done')).toHaveLength(1);
});

test('all that run at once hold their locks with one session, which goes back when the last has ended', async () => {
  const ids = Array.from({ length: 30 }, (_, number) => `many ${number}`);
  const held = await Promise.all(ids.map((id) => hold(here, id)));
  expect(await sessions()).toHaveLength(1);
  expect(await Promise.all(held.map(({ stillHeld }) => stillHeld()))).toEqual(ids.map(() => true));
  expect(await Promise.all(ids.map((id) => withEffectLock(elsewhere, id, quick)))).toEqual(ids.map(() => 'busy'));
  for (const { end } of held) end();
  await Promise.all(held.map(({ running }) => running));
  expect(await sessions()).toEqual([]);
  expect([here.totalCount, here.idleCount]).toEqual([1, 1]);
});

test('whose session ends hears that the lock is lost, also while the next one holds it, and ends with an error', async () => {
  const lost = await hold(here, 'lost');
  const beside = await hold(here, 'beside');
  const [pid] = await sessions();
  await database.pool.query('select pg_terminate_backend($1)', [pid]);
  await expect.poll(lost.stillHeld).toBe(false);
  const next = await hold(here, 'lost');
  expect(await Promise.all([lost, beside, next].map(({ stillHeld }) => stillHeld()))).toEqual([false, false, true]);
  for (const { end } of [lost, beside]) end();
  await expect(lost.running).rejects.toThrow();
  await expect(beside.running).rejects.toThrow();
  expect(await next.stillHeld()).toBe(true);
  expect(await withEffectLock(elsewhere, 'lost', quick)).toBe('busy');
  next.end();
  await next.running;
});

test('what the work left behind does not hold it any more, though the session goes on for the others', async () => {
  const beside = await hold(here, 'beside');
  const over = await hold(here, 'over');
  const failed = await hold(here, 'failed');
  const late = over.stillHeld();
  over.end();
  failed.end(new Error('no'));
  await Promise.allSettled([over.running, failed.running]);
  expect(await late).toBe(false);
  expect(await Promise.all([over, failed, beside].map(({ stillHeld }) => stillHeld()))).toEqual([false, false, true]);
  beside.end();
  await beside.running;
});

test('work that fails tells its own error and lets go, and the others keep theirs', async () => {
  const failing = await hold(here, 'failing');
  const beside = await hold(here, 'beside');
  failing.end(new Error('no'));
  await expect(failing.running).rejects.toThrow('no');
  expect(await withEffectLock(elsewhere, 'failing', quick)).toBe('done');
  expect(await beside.stillHeld()).toBe(true);
  beside.end();
  await beside.running;
});

test('who cannot have a session hears why, and the next one gets one', async () => {
  const full = new Pool({ ...database.address, max: 1, connectionTimeoutMillis: 50 });
  const client = await full.connect();
  await expect(withEffectLock(full, 'one', quick)).rejects.toThrow();
  client.release();
  expect(await withEffectLock(full, 'one', quick)).toBe('done');
  await full.end();
});

test('what a frozen process holds is given to others, and it hears so when it wakes', async () => {
  const frozen = await hold(here, 'frozen', { frozenAfterMs: 100, beatMs: 60_000 });
  await expect.poll(() => withEffectLock(elsewhere, 'frozen', quick), SOON).toBe('done');
  expect(await frozen.stillHeld()).toBe(false);
  frozen.end();
  await expect(frozen.running).rejects.toThrow();
  expect(await withEffectLock(here, 'frozen', quick)).toBe('done');
});

test('a process that lives keeps what it holds, though what it does takes longer', async () => {
  const times = { frozenAfterMs: 2000, beatMs: 50 };
  const slow = await hold(here, 'slow', times);
  const [pid] = await sessions();
  const age = async () => {
    const { rows } = await database.pool.query<{ isOld: boolean }>(
      `select query_start > $2::timestamptz + interval '3 seconds' as "isOld" from pg_stat_activity where pid = $1`,
      [pid, begunAt],
    );
    return rows[0]?.isOld;
  };
  const { rows } = await database.pool.query<{ now: Date }>('select now()');
  const begunAt = rows[0]?.now;
  await expect.poll(age, SOON).toBe(true);
  expect(await withEffectLock(elsewhere, 'slow', quick)).toBe('busy');
  expect(await slow.stillHeld()).toBe(true);
  slow.end();
  await slow.running;
});
