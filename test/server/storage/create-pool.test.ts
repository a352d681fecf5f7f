import { sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/node-postgres';
import type { Pool } from 'pg';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createPool } from '../../../server/storage/create-pool.ts';
import { SOON } from '../../support/soon.ts';
import { createTestDatabase, type TestDatabase } from '../../support/test-database.ts';

let database: TestDatabase;
let pool: Pool;
beforeEach(async () => {
  database = await createTestDatabase();
  pool = createPool({ address: database.address, log: pino({ level: 'silent' }), max: 1 });
});
afterEach(async () => {
  await pool.end();
  await database.drop();
});

const cutTheOthers = () =>
  database.pool.query(
    `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`,
  );

test('a connection that is cut between two queries of a transaction fails that transaction and nothing else', async () => {
  const unheard: unknown[] = [];
  const note = (error: unknown) => void unheard.push(error);
  process.on('uncaughtException', note);
  try {
    const gone = new Promise((resolve) => pool.once('connect', (client) => client.once('end', () => resolve(undefined))));
    const cut = drizzle(pool).transaction(async (tx) => {
      await tx.execute(sql`select 1`);
      await cutTheOthers();
      await gone;
      await tx.execute(sql`select 2`);
    });
    await expect(cut).rejects.toThrow();
    expect((await pool.query('select 3 as three')).rows).toEqual([{ three: 3 }]);
    expect(unheard).toEqual([]);
  } finally {
    process.off('uncaughtException', note);
  }
});

test('a connection that does not answer is closed, and the pool has another', async () => {
  const silent = createPool({ address: database.address, log: pino({ level: 'silent' }), max: 1 });
  silent.options.query_timeout = 2_000;
  silent.options.statement_timeout = 0;
  try {
    const waiting = drizzle(silent).transaction((tx) => tx.execute(sql`select pg_sleep(60)`));
    await expect(waiting).rejects.toThrow();
    expect((await silent.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
    await vi.waitFor(async () => {
      const { rows } = await database.pool.query(
        `select 1 from pg_stat_activity where query like '%pg_sleep%' and wait_event = 'ClientRead'`,
      );
      expect(rows).toEqual([]);
    }, SOON);
  } finally {
    await silent.end();
  }
});

test('a statement that takes too long, and a transaction in which nothing happens, are ended by the database', async () => {
  const { rows } = await pool.query(
    `select name, setting::int from pg_settings where name in ('statement_timeout', 'idle_in_transaction_session_timeout', 'tcp_user_timeout') order by 1`,
  );
  expect(rows.map(({ name, setting }) => [name, setting])).toEqual([
    ['idle_in_transaction_session_timeout', 15_000],
    ['statement_timeout', 10_000],
    // Read as zero on the socket of a file.
    ['tcp_user_timeout', 0],
  ]);
});

test('what is asked often is planned once by the session, under a name', async () => {
  const planned = async () =>
    (await pool.query(`select name from pg_prepared_statements where statement like '%as often%'`)).rowCount;
  const database = drizzle(pool);
  expect(await planned()).toBe(0);
  for (let time = 0; time < 60; time += 1) await database.execute(sql`select ${time}::int as often`);
  expect(await planned()).toBe(1);
});
