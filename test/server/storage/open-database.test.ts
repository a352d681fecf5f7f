import pino from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { findWeakDurability } from '../../../server/storage/find-weak-durability.ts';
import { type OpenDatabase, openDatabase } from '../../../server/storage/open-database.ts';
import { createTestDatabase, type TestDatabase } from '../../support/test-database.ts';

let database: TestDatabase;
let store: OpenDatabase;
let logged: string[];
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

beforeEach(async () => {
  logged = [];
  const log = pino({ level: 'warn' }, { write: (line: string) => logged.push(JSON.parse(line).msg) });
  store = await openDatabase({ address: database.address, log });
});
afterEach(() => store.close());

test('a server that can lose what was committed is named in the log, with what follows from it', () => {
  // The server of the tests is fast and forgetful.
  expect(logged).toEqual([
    expect.stringContaining('fsync = off: a power cut can destroy the whole database'),
    expect.stringContaining('full_page_writes = off'),
    expect.stringContaining('synchronous_commit = off: a crash can lose the last webhooks'),
  ]);
});

test('a server that keeps what was committed is not complained about', async () => {
  const { pool, close } = await openDatabase({
    address: {
      connectionString: `postgres:///${database.address.database}?host=${database.address.host}&user=${database.address.user}`,
    },
    log: pino({ level: 'silent' }),
    poolSize: 1,
  });
  await pool.query('set synchronous_commit = local');
  expect((await findWeakDurability(pool)).filter((sentence) => sentence.includes('synchronous_commit'))).toEqual([]);
  await close();
});

test('a connection that breaks is noted, and the next query works', async () => {
  await store.pool.query('select 1');
  await database.pool.query(
    `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`,
  );
  await vi.waitFor(() => expect(logged).toContain('a database connection broke; the next query opens a new one'));
  expect((await store.pool.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
});

test('a database that is not there is an error at once', async () => {
  const address = { ...database.address, database: 'no_such_database' };
  await expect(openDatabase({ address, log: pino({ level: 'silent' }) })).rejects.toThrow('"no_such_database" does not exist');
});
