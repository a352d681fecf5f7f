import { afterAll, beforeAll, expect, it } from 'vitest';
import { createRateGovernor, type RateGovernor } from '../../../server/outbound/rate-governor.ts';
import { createRateAllowances } from '../../../server/storage/rate-allowances.repository.ts';
import { createTestDatabase, type TestDatabase } from '../../support/test-database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const store = () => createRateAllowances({ db: database.db, clock: { now: () => new Date() } });

function startProcess(party: string): RateGovernor {
  return createRateGovernor({
    store: store(),
    party,
    chance: Math.random,
    steadyMs: () => performance.now(),
    later: (ms, run) => {
      const timer = setTimeout(run, ms);
      return () => clearTimeout(timer);
    },
    onTrouble: (error) => {
      throw error;
    },
  });
}

it('a change counts only if nobody else was first', async () => {
  const { read, swap } = store();
  expect((await read('x')).state).toBeNull();
  const first = await Promise.all(['a', 'b', 'c'].map((who) => swap('x', { expected: null, state: { version: 1, who } })));
  expect(first.filter(({ swapped }) => swapped)).toHaveLength(1);
  const second = await Promise.all(['d', 'e', 'f'].map((who) => swap('x', { expected: 1, state: { version: 2, who } })));
  expect(second.filter(({ swapped }) => swapped)).toHaveLength(1);
  expect((await swap('x', { expected: 1, state: { version: 2 } })).swapped).toBe(false);
  expect((await read('x')).state).toMatchObject({ version: 2 });
});

it('tells the time of the database', async () => {
  const before = await database.pool.query<{ now: string }>('select extract(epoch from clock_timestamp()) * 1000 as now');
  const { now } = await store().read('x');
  expect(now).toBeGreaterThan(Number(before.rows[0]?.now));
  expect(now - Number(before.rows[0]?.now)).toBeLessThan(5_000);
});

it('three processes that ask at once get no more than there is, together', async () => {
  const processes = ['a', 'b', 'c'].map(startProcess);
  const rule = { kind: 'bucket', perSecond: 0.001, burst: 20, spare: 0 } as const;
  const limiters = processes.map((process) => process.limiterFor({ key: 'bucket', rule, connectionId: 'c' }));
  expect(processes.some((process) => process.wasShortWithin(60_000))).toBe(false);
  const asked = limiters.flatMap((limiter) => Array.from({ length: 15 }, () => limiter.ask()));
  const granted = (await Promise.all(asked)).filter((leave) => leave.ok);
  expect(granted).toHaveLength(20);
  expect(processes.some((process) => process.wasShortWithin(60_000))).toBe(true);
  expect(processes.some((process) => process.wasShortWithin(-1))).toBe(false);
  for (const leave of granted) if (leave.ok) leave.value.done({ status: 200, headers: {} });
  expect(processes.map((process) => process.hasStopped())).toEqual([false, false, false]);
  for (const process of processes) process.stop();
  expect(processes.map((process) => process.hasStopped())).toEqual([true, true, true]);
});

it('what one process was told holds for the other', async () => {
  const [a, b] = [startProcess('a'), startProcess('b')];
  const of = { key: 'window', rule: { kind: 'window' }, connectionId: 'c' } as const;
  const leave = await a.limiterFor(of).ask();
  if (!leave.ok) throw new Error('the first call needs no leave of anybody');
  const reset = Math.floor((await store().read('window')).now / 1000) + 100;
  leave.value.done({
    status: 200,
    headers: { 'x-ratelimit-limit': '5', 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': `${reset}` },
  });
  await expect.poll(() => b.limiterFor(of).left()).toMatchObject({ kind: 'window', limit: 5, remaining: 0 });
  const refused = await b.limiterFor(of).ask();
  expect(refused).toMatchObject({ ok: false, kind: 'rate-limited' });
  expect(refused.ok || refused.kind !== 'rate-limited' || refused.retryAfterMs).toBeGreaterThan(95_000);
  a.stop();
  b.stop();
});
