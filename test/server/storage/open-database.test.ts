import pino from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { findStoreWarnings } from '../../../server/storage/find-store-warnings.ts';
import { type OpenDatabase, openDatabase } from '../../../server/storage/open-database.ts';
import { SOON } from '../../support/soon.ts';
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
    expect.stringContaining('fsync = off: a power cut can destroy it whole'),
    expect.stringContaining('full_page_writes = off'),
    expect.stringContaining('synchronous_commit = off: a crash can lose the last webhooks'),
  ]);
});

test.each<[string, string, boolean]>([
  ['off', 'on', true],
  ['local', 'local', false],
  ['remote_apply', 'remote_apply', false],
])(
  'synchronous_commit = %s, set for our database: our sessions have %s, and that it is weak is %s',
  async (set, ours, isWeak) => {
    const own = await createTestDatabase();
    await own.pool.query(`alter database ${own.address.database} set synchronous_commit = ${set}`);
    const { pool, db, close } = await openDatabase({ address: own.address, log: pino({ level: 'silent' }) });
    expect((await pool.query('show synchronous_commit')).rows).toEqual([{ synchronous_commit: ours }]);
    const warnings = await findStoreWarnings(db);
    expect(warnings.some((warning) => warning.includes('synchronous_commit'))).toBe(isWeak);
    await close();
    await own.drop();
  },
);

test('a connection that breaks is noted, and the next query works', async () => {
  await store.pool.query('select 1');
  await database.pool.query(
    `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`,
  );
  await vi.waitFor(() => expect(logged).toContain('a database connection broke; the next query opens a new one'), SOON);
  expect((await store.pool.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
});

test('a database that is not there is an error at once', async () => {
  const address = { ...database.address, database: 'no_such_database' };
  await expect(openDatabase({ address, log: pino({ level: 'silent' }) })).rejects.toThrow('"no_such_database" does not exist');
});
