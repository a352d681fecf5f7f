import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import { TestClock } from 'pg-boss';
import pino from 'pino';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createQueue, GiveUp, type Queue, type QueueOptions } from '../../../server/jobs/queue.ts';
import { startEmbeddedPostgres } from '../../../server/storage/embedded-postgres.ts';
import { openDatabase } from '../../../server/storage/open-database.ts';
import { createTestDatabase, type TestDatabase } from '../../support/test-database.ts';

let database: TestDatabase;
let queue: Queue;
let logged: { msg: string; level: number }[];
const queues: Queue[] = [];

async function start(options: Partial<QueueOptions> = {}): Promise<Queue> {
  const log = pino({ level: 'warn' }, { write: (line: string) => logged.push(JSON.parse(line)) });
  const started = createQueue({ address: database.address, log, ...options });
  await started.start();
  queues.push(started);
  return started;
}

beforeEach(async () => {
  logged = [];
  database = await createTestDatabase();
  queue = await start();
});
afterEach(async () => {
  await Promise.all(queues.splice(0).map((one) => one.stop({ timeoutMs: 1000 })));
  await database.drop();
});

const soon = { timeout: 10_000, interval: 20 };
const later = new Date(Date.UTC(2100, 0));
const waiting = async () => {
  const { rows } = await database.pool.query<{ key: string; start_after: Date }>(
    `select singleton_key as key, start_after from pgboss.job where state = 'created' and name not like '\\_%' order by 1`,
  );
  return rows;
};

test('a job runs once its transaction commits', async () => {
  const seen: string[] = [];
  await queue.work('lane', {}, async ({ data }) => void seen.push(data.applicationKey));
  await database.db.transaction((tx) => queue.send(tx, 'lane', { applicationKey: 'a' }));
  await vi.waitFor(() => expect(seen).toEqual(['a']), soon);
});

test('a job of a transaction that failed does not exist', async () => {
  const failing = database.db.transaction(async (tx) => {
    await queue.send(tx, 'lane', { applicationKey: 'a' });
    throw new Error('the state was not written');
  });
  await expect(failing).rejects.toThrow('the state was not written');
  expect(await waiting()).toEqual([]);
});

test('one job at most waits per application, however often it is asked for', async () => {
  for (const applicationKey of ['a', 'b', 'a', 'a']) await queue.send(database.db, 'lane', { applicationKey });
  await Promise.all(Array.from({ length: 8 }, () => database.db.transaction((tx) => queue.sendLane(tx, 'c'))));
  expect((await waiting()).map(({ key }) => key)).toEqual(['a', 'b', 'c']);
});

test('of two times for the same application the earlier counts', async () => {
  const early = new Date(Date.UTC(2099, 0));
  await queue.send(database.db, 'lane', { applicationKey: 'a' }, { startAfter: later });
  await queue.send(database.db, 'lane', { applicationKey: 'a' }, { startAfter: early });
  expect((await waiting())[0]?.start_after).toEqual(early);
  await queue.send(database.db, 'lane', { applicationKey: 'a' }, { startAfter: later });
  expect((await waiting())[0]?.start_after).toEqual(early);
  const seen: string[] = [];
  await queue.work('lane', {}, async ({ data }) => void seen.push(data.applicationKey));
  await queue.send(database.db, 'lane', { applicationKey: 'a' });
  await vi.waitFor(() => expect(seen).toEqual(['a']), soon);
});

test('a job sent again inside a transaction is not taken before that transaction ends', async () => {
  await queue.send(database.db, 'lane', { applicationKey: 'a' }, { startAfter: new Date(0) });
  const seen: string[] = [];
  await database.db.transaction(async (tx) => {
    await queue.send(tx, 'lane', { applicationKey: 'a' }, { startAfter: later });
    await queue.work('lane', {}, async ({ data }) => void seen.push(data.applicationKey));
    // Another application's job, sent after and taken before, shows that the workers have looked.
    await queue.send(database.db, 'lane', { applicationKey: 'b' });
    await vi.waitFor(() => expect(seen).toEqual(['b']), soon);
  });
  await vi.waitFor(() => expect(seen).toEqual(['b', 'a']), soon);
});

test('while a job runs, the next one for the same application waits its turn', async () => {
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const seen: number[] = [];
  await queue.work('lane', { concurrency: 1, batchSize: 1 }, async () => {
    seen.push(seen.length);
    await held;
  });
  await queue.send(database.db, 'lane', { applicationKey: 'a' });
  await vi.waitFor(() => expect(seen).toHaveLength(1), soon);
  await queue.send(database.db, 'lane', { applicationKey: 'a' });
  expect(await waiting()).toHaveLength(1);
  release();
  await vi.waitFor(() => expect(seen).toHaveLength(2), soon);
});

test('a job that fails is run again and does not disturb its neighbours', async () => {
  const attempts: string[] = [];
  for (const applicationKey of ['bad', 'good']) await queue.send(database.db, 'lane', { applicationKey });
  await queue.work('lane', { concurrency: 1 }, async ({ data, attempt }) => {
    attempts.push(`${data.applicationKey} ${attempt}`);
    if (data.applicationKey === 'bad' && attempt === 1) throw new Error('the store was away');
  });
  await vi.waitFor(() => expect(attempts.toSorted()).toEqual(['bad 1', 'bad 2', 'good 1']), soon);
});

test('a job that is given up is kept as a dead letter, named in the log and told', async () => {
  const told: object[] = [];
  const telling = await start({ onDead: async (job) => void told.push(job) });
  await telling.work('effect', {}, async () => {
    throw new GiveUp('this effect does not exist');
  });
  await queue.send(database.db, 'effect', { effectId: 'e' });
  await vi.waitFor(() => expect(logged.map(({ msg }) => msg)).toContain('a job was given up after its last attempt'), soon);
  const { rows } = await database.pool.query(`select data from pgboss.job where name = 'effect-dead'`);
  expect(rows).toEqual([{ data: { effectId: 'e' } }]);
  await vi.waitFor(() => expect(told).toEqual([{ queue: 'effect', about: 'e' }]), soon);
});

test('what is kept of a failure has no values of the query in it, which may be a candidate’s', async () => {
  const ask = sql`select 1 / (length(${'ada@mail.example'}) - 16)`;
  await queue.work('lane', {}, async () => {
    await database.db.execute(ask);
  });
  await queue.send(database.db, 'lane', { applicationKey: randomUUID() });
  await vi.waitFor(async () => {
    const { rows } = await database.pool.query<{ output: string }>(
      `select output::text as output from pgboss.job where output is not null`,
    );
    expect(rows).toHaveLength(1);
    expect(rows[0]?.output).toContain('division by zero');
    expect(rows[0]?.output).not.toContain('ada@mail.example');
  }, soon);
});

test('a hundred jobs are worked off by two processes, each job by one of them', async () => {
  const seen: string[] = [];
  const other = await start();
  for (const one of [queue, other]) await one.work('effect', {}, async ({ data }) => void seen.push(data.effectId));
  const ids = Array.from({ length: 100 }, (_, index) => `e${index}`);
  await database.db.transaction(async (tx) => {
    for (const effectId of ids) await queue.sendEffect(tx, effectId);
  });
  await vi.waitFor(() => expect(seen.toSorted()).toEqual(ids.toSorted()), soon);
});

test('an urgent effect goes before those that were sent earlier', async () => {
  await database.db.transaction(async (tx) => {
    for (const effectId of ['early', 'earlier']) await queue.sendEffect(tx, effectId);
    await queue.sendEffect(tx, 'click', undefined, true);
  });
  const seen: string[] = [];
  await queue.work('effect', { concurrency: 1, batchSize: 1 }, async ({ data }) => void seen.push(data.effectId));
  await vi.waitFor(() => expect(seen).toHaveLength(3), soon);
  expect(seen[0]).toBe('click');
});

test('servers that start together make the queues once', async () => {
  await Promise.all(Array.from({ length: 4 }, () => start()));
  const { rows } = await database.pool.query(`select name from pgboss.queue where name not like '\\_%' order by 1`);
  expect(rows.map(({ name }) => name)).toEqual([
    'effect',
    'effect-dead',
    'housekeeping',
    'housekeeping-dead',
    'lane',
    'lane-dead',
    'sweep',
    'sweep-dead',
  ]);
});

test('a repeated chore is planned once, however often the server starts', async () => {
  for (const one of [queue, await start()]) await one.repeat('housekeeping', { task: 'drop-old-bodies' }, '0 3 * * *');
  const { rows } = await database.pool.query('select name, key, cron from pgboss.schedule');
  expect(rows).toEqual([{ name: 'housekeeping', key: 'drop-old-bodies', cron: '0 3 * * *' }]);
});

test('the jobs of a process that died are run by another', async () => {
  const seen: string[] = [];
  await queue.send(database.db, 'lane', { applicationKey: 'a' });
  // What kill -9 leaves: taken, and no sign of life since.
  await database.pool.query(
    `update pgboss.job set state = 'active', started_on = now() - interval '20 s', heartbeat_on = now() - interval '20 s'`,
  );
  const clock = new TestClock();
  const other = await start({ clock });
  await other.work('lane', {}, async ({ data, attempt }) => void seen.push(`${data.applicationKey} ${attempt}`));
  await vi.waitFor(async () => {
    await clock.tick(10_000);
    expect(seen).toEqual(['a 2']);
  }, soon);
});

test('a queue goes on by itself after PostgreSQL was restarted', async () => {
  const dataDir = join(tmpdir(), `tagalong-queue-${randomUUID()}`);
  const log = pino({ level: 'silent' });
  let server = await startEmbeddedPostgres({ dataDir, log, durable: false });
  const address = { host: server.socketDir, port: server.port, database: server.database, user: server.user };
  const store = await openDatabase({ address, log });
  const restarted = await start({ address });
  try {
    const seen: string[] = [];
    await restarted.work('lane', {}, async ({ data }) => void seen.push(data.applicationKey));
    await restarted.send(store.db, 'lane', { applicationKey: 'before' });
    await vi.waitFor(() => expect(seen).toEqual(['before']), soon);
    await server.stop();
    await expect(restarted.send(store.db, 'lane', { applicationKey: 'meanwhile' })).rejects.toThrow();
    server = await startEmbeddedPostgres({ dataDir, log, durable: false });
    await restarted.send(store.db, 'lane', { applicationKey: 'after' });
    await vi.waitFor(() => expect(seen).toEqual(['before', 'after']), soon);
  } finally {
    await queues.pop()?.stop({ timeoutMs: 1000 });
    await store.close();
    await server.stop();
    await rm(dataDir, { recursive: true });
  }
});

test('a queue whose connections were cut goes on by itself', async () => {
  const seen: string[] = [];
  await queue.work('lane', {}, async ({ data }) => void seen.push(data.applicationKey));
  await database.pool.query(
    `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`,
  );
  await vi.waitFor(() => queue.send(database.db, 'lane', { applicationKey: 'after' }), soon);
  await vi.waitFor(() => expect(seen).toEqual(['after']), soon);
});
