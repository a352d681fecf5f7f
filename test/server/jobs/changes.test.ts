import { Client } from 'pg';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { announce, CHANGES_CHANNEL, type Change } from '../../../server/jobs/announce.ts';
import { type Changes, createChanges } from '../../../server/jobs/changes.ts';
import { createTestDatabase, type TestDatabase } from '../../support/test-database.ts';

let database: TestDatabase;
let changes: Changes;
const heard: Change[] = [];
beforeAll(async () => {
  database = await createTestDatabase();
  changes = createChanges({ connect: () => new Client(database.address), log: pino({ level: 'silent' }) });
  await changes.start();
  changes.subscribe((change) => heard.push(change));
});
afterAll(async () => {
  await changes.stop();
  await database.drop();
});
const tell = (version: number) => database.db.transaction((tx) => announce(tx, { key: 'application', version }));
const versions = () => heard.map(({ version }) => version);

test('what is committed is heard, what is rolled back is not', async () => {
  const failing = database.db.transaction(async (tx) => {
    await announce(tx, { key: 'application', version: 1 });
    throw new Error('rolled back');
  });
  await expect(failing).rejects.toThrow('rolled back');
  await tell(2);
  await vi.waitFor(() => expect(versions()).toEqual([2]));
});

test('what somebody else says on the same channel is not heard', async () => {
  for (const words of ['not json', '{"key":7}', ''])
    await database.pool.query('select pg_notify($1, $2)', [CHANGES_CHANNEL, words]);
  await tell(3);
  await vi.waitFor(() => expect(versions()).toEqual([2, 3]));
});

test('a line that breaks is made anew', async () => {
  await database.pool.query(
    `select pg_terminate_backend(pid) from pg_stat_activity where query like 'listen %' and datname = current_database()`,
  );
  let version = 3;
  await vi.waitFor(
    async () => {
      version += 1;
      await tell(version);
      expect(versions()).toContain(version);
    },
    { timeout: 10_000, interval: 200 },
  );
});
