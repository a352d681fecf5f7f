import { pino } from 'pino';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { announce, CHANGES_CHANNEL, type Change } from '../../../server/jobs/announce.ts';
import { createChanges, LISTEN_TO_CHANGES } from '../../../server/jobs/changes.ts';
import { createStandingSession, type StandingSession } from '../../../server/storage/standing-session.ts';
import { SOON } from '../../support/soon.ts';
import { createTestDatabase, type TestDatabase } from '../../support/test-database.ts';

let database: TestDatabase;
let session: StandingSession;
/** Of the backend that listens now. */
let listening: number | undefined;
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
      const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
      listening = rows[0]?.pid;
    },
    onAgain: () => changes.missed(),
    // That a line has ended is heard, and not only found at the next question.
    beatMs: 3_600_000,
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
/** What has been heard from now on; an earlier attempt at the same test may have been heard as well. */
const fromNow = () => {
  const [first, gapsBefore] = [heard.length, gaps];
  return { versions: () => heard.slice(first).map(({ version }) => version), gaps: () => gaps - gapsBefore };
};

test('what is committed is heard, what is rolled back is not', async () => {
  const { versions } = fromNow();
  const failing = database.db.transaction(async (tx) => {
    await announce(tx, { key: 'application', version: 1 });
    throw new Error('rolled back');
  });
  await expect(failing).rejects.toThrow('rolled back');
  await tell(2);
  await vi.waitFor(() => expect(versions()).toEqual([2]), SOON);
});

test('what somebody else says on the same channel is not heard', async () => {
  const now = fromNow();
  for (const words of ['not json', '{"key":7}', ''])
    await database.pool.query('select pg_notify($1, $2)', [CHANGES_CHANNEL, words]);
  await tell(3);
  await vi.waitFor(() => expect(now.versions()).toEqual([3]), SOON);
  expect(now.gaps()).toBe(0);
});

test('a line that breaks is made anew at once, and whoever shows something is told that it may have missed what happened', async () => {
  const now = fromNow();
  await database.pool.query('select pg_terminate_backend($1)', [listening]);
  await tell(4);
  await vi.waitFor(() => expect(now.gaps()).toBe(1), SOON);
  await tell(5);
  await vi.waitFor(() => expect(now.versions()).toContain(5), SOON);
});
