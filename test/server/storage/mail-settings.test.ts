import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { openMailSettings, saveMailSettings } from '../../../server/storage/mail-settings.repository.ts';
import { createSealer } from '../../../server/storage/seal.ts';
import { SEALED_FOR } from '../../../server/storage/seal-contexts.ts';
import { SOON } from '../../support/soon.ts';
import { createTestDatabase, type TestDatabase } from '../../support/test-database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

test('who changes the sender while the master key is changed does not put the mail server back under the key before', async () => {
  const { db, pool } = database;
  const [before, after] = [randomBytes(32), randomBytes(32)];
  const now = new Date();
  const smtpUrl = new URL('smtps://user:password@mail.example');
  await saveMailSettings(db, { from: 'us@ours.example', smtpUrl, now }, createSealer(before));

  const rotation = await pool.connect();
  await rotation.query('begin');
  const sealed = createSealer(after).seal(smtpUrl.href, SEALED_FOR.mailServer);
  const exchange = `update tagalong.settings set value = jsonb_set(value, '{smtpUrl}', to_jsonb($1::text)) where key = 'mail'`;
  await rotation.query(exchange, [sealed]);
  // A server of the time between knows both.
  const saving = saveMailSettings(db, { from: 'hr@ours.example', smtpUrl: undefined, now }, createSealer(after, [before]));
  await vi.waitFor(async () => {
    const waiting = `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
    expect((await pool.query(waiting)).rowCount).toBe(1);
  }, SOON);
  await rotation.query('commit');
  rotation.release();
  await saving;

  const opened = await openMailSettings(db, createSealer(after));
  expect(opened).toEqual({ from: 'hr@ours.example', smtpUrl: smtpUrl.href });
});
