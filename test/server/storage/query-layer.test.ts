import { sql } from 'drizzle-orm';
import type { Pool } from 'pg';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Database } from '../../../server/services.ts';
import { afterCommit } from '../../../server/storage/after-commit.ts';
import { createPool } from '../../../server/storage/create-pool.ts';
import { queryLayer } from '../../../server/storage/query-layer.ts';
import { createTestDatabase, type TestDatabase } from '../../support/test-database.ts';

let database: TestDatabase;
/** With room for one: what is not given back is seen at once. */
let pool: Pool;
let db: Database;
beforeEach(async () => {
  database = await createTestDatabase();
  pool = createPool({ address: database.address, log: pino({ level: 'silent' }), max: 1, giveUpMs: 3000 });
  db = queryLayer(pool);
});
afterEach(async () => {
  await pool.end();
  await database.drop();
});

const one = () => db.transaction(async (tx) => (await tx.execute(sql`select 1 as one`)).rows);
const pidNow = async () => Number((await pool.query('select pg_backend_pid() as pid')).rows[0].pid);

test('a begin that fails because the connection was cut leaves room for the next transaction', async () => {
  // Cut on its way from the pool to the begin, where nobody notices in time.
  pool.once('acquire', (client) => {
    (client as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy();
  });
  await expect(one()).rejects.toThrow();
  expect(await one()).toEqual([{ one: 1 }]);
  expect(pool).toMatchObject({ totalCount: 1, idleCount: 1, waitingCount: 0 });
});

test('a begin that the database refuses leaves room, too', async () => {
  const refused = db.transaction(async () => 'begun', { isolationLevel: 'no such level' as 'serializable' });
  await expect(refused).rejects.toThrow();
  expect(await one()).toEqual([{ one: 1 }]);
  expect(pool).toMatchObject({ totalCount: 1, idleCount: 1 });
});

test('a connection that could not be brought out of its transaction is closed, not given to somebody else', async () => {
  const before = await pidNow();
  const stuck = db.transaction(async (tx) => {
    await tx.execute(sql`set local statement_timeout = 50`);
    await tx.execute(sql`select pg_sleep(10)`);
  });
  await expect(stuck).rejects.toThrow();
  // Rolled back: as good as before.
  expect(await pidNow()).toBe(before);
  const query = pool.query.bind(pool);
  pool.once('acquire', (client) => {
    const ask = client.query.bind(client) as (...given: unknown[]) => Promise<unknown>;
    const refusing = (...given: unknown[]) => {
      const [statement] = given as [{ text?: string }];
      return statement.text === 'rollback' ? Promise.reject(new Error('no answer')) : ask(...given);
    };
    Object.assign(client, { query: refusing });
  });
  await expect(
    db.transaction(async () => {
      throw new Error('changed my mind');
    }),
  ).rejects.toThrow();
  expect(Number((await query('select pg_backend_pid() as pid')).rows[0].pid)).not.toBe(before);
});

test('a transaction that fails for a reason of its own keeps its connection and writes nothing', async () => {
  const before = await pidNow();
  await expect(
    db.transaction(async (tx) => {
      await tx.execute(sql`create table never (word text)`);
      throw new Error('changed my mind');
    }),
  ).rejects.toThrow('changed my mind');
  expect(await pidNow()).toBe(before);
  expect((await pool.query(`select to_regclass('never') as never`)).rows).toEqual([{ never: null }]);
});

test('what is to follow a commit follows it, and what was rolled back is followed by nothing', async () => {
  const told: string[] = [];
  await db.transaction(async (tx) => {
    expect(afterCommit(tx, () => told.push('committed'))).toBe(true);
    await tx.execute(sql`select 1`);
    expect(told).toEqual([]);
  });
  const failed = db.transaction(async (tx) => {
    afterCommit(tx, () => told.push('rolled back'));
    throw new Error('no');
  });
  await expect(failed).rejects.toThrow('no');
  expect(told).toEqual(['committed']);
});

test('in a savepoint, and outside of any transaction, nobody knows of a commit', async () => {
  await db.transaction(async (tx) => {
    await tx.transaction(async (inner) => expect(afterCommit(inner, () => undefined)).toBe(false));
  });
  expect(afterCommit(db, () => undefined)).toBe(false);
});
