import { pino } from 'pino';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { announce, CHANGES_CHANNEL, type Change } from '../../../server/jobs/announce.ts';
import { createChanges, LISTEN_TO_CHANGES } from '../../../server/jobs/changes.ts';
import { createStandingSession, type StandingSession } from '../../../server/storage/standing-session.ts';
import { createTestDatabase, type TestDatabase } from '../../support/test-database.ts';

let database: TestDatabase;
let session: StandingSession;
const heard: Change[] = [];
let gaps = 0;
beforeAll(async () => {
  database = await createTestDatabase();
  const changes = createChanges();
  session = createStandingSession({
    address: database.address,
    log: pino({ level: 'silent' }),
    async prepare(client) {
      client.on('notification', ({ payload }) => changes.heard(payload));
      await client.query(LISTEN_TO_CHANGES);
    },
    onAgain: () => changes.missed(),
  });
  await session.start();
  changes.subscribe({
    onChange: (change) => heard.push(change),
    onGap: () => {
      gaps += 1;
    },
  });
});
afterAll(async () => {
  await session.stop();
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
  expect(gaps).toBe(0);
});

test('a line that breaks is made anew within a second, and whoever shows something is told that it may have missed what happened', async () => {
  await database.pool.query(
    `select pg_terminate_backend(pid) from pg_stat_activity where query like 'listen %' and datname = current_database()`,
  );
  await tell(4);
  await vi.waitFor(() => expect(gaps).toBe(1), { timeout: 1000 });
  await tell(5);
  await vi.waitFor(() => expect(versions()).toContain(5));
});
