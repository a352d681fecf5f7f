import { execFile } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { greenhouseSettingsSchema } from '../../lib/contract/settings.ts';
import { writeHead } from '../../server/audit/head.ts';
import { sealConnectionSecrets } from '../../server/storage/connection-secrets.ts';
import { connections } from '../../server/storage/schema.ts';
import { createSealer, markOf } from '../../server/storage/seal.ts';
import { readHeader } from '../../server/storage/transfer/read-export.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';

const run = promisify(execFile);
const [ours, lost] = [randomBytes(32), randomBytes(32)];

let folder: string;
let file: string;
let database: TestDatabase;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tagalong-test-export-'));
  file = join(folder, 'all.export');
  database = await createTestDatabase();
});
afterEach(async () => {
  await database.drop();
  await rm(folder, { recursive: true });
});

const exportWith = async (keys: Record<string, string>) => {
  const { host, port, user, database: name } = database.address;
  const DATABASE_URL = `postgresql:///${name}?host=${encodeURIComponent(host)}&port=${port}&user=${user}`;
  const env = { ...process.env, MASTER_KEY: undefined, DATA_DIR: join(folder, 'data'), DATABASE_URL, ...keys };
  return await run(process.execPath, ['server/export.ts', file], { env }).then(
    ({ stdout }) => ({ code: 0, said: stdout }),
    ({ code, stderr }: { code: number; stderr: string }) => ({ code, said: stderr }),
  );
};
/** As a server leaves the end of the activity. */
const linkedUnder = (key: Buffer) =>
  database.db.transaction((tx) => writeHead(tx, createSealer(key), { seq: 1, hash: 'a'.repeat(64) }));

test('without a master key nothing is exported, and none is made', async () => {
  const { code, said } = await exportWith({});
  expect(code).toBe(1);
  expect(said).toMatch(/^There is no master key here: .*master\.key.* Nothing was exported\.\n$/);
  expect([existsSync(file), existsSync(join(folder, 'data'))]).toEqual([false, false]);
});

test('with another key than that of the servers nothing is exported, and the marks of both are told', async () => {
  await linkedUnder(lost);
  const { code, said } = await exportWith({ MASTER_KEY: ours.toString('hex') });
  expect(code).toBe(1);
  expect(said).toContain(markOf(lost));
  expect(said).toContain(markOf(ours));
  expect(said).toContain('Nothing was exported.');
  expect(existsSync(file)).toBe(false);
});

test('while the key is being changed both are named in the export', async () => {
  await linkedUnder(lost);
  const keys = { MASTER_KEY: ours.toString('hex'), MASTER_KEY_PREVIOUS: lost.toString('hex') };
  expect(await exportWith(keys)).toMatchObject({ code: 0 });
  expect(await readHeader(file)).toMatchObject({ keyMark: markOf(ours), otherKeyMarks: [markOf(lost)] });
});

test('after a lost key was given up it is exported, and what the lost one still locks is told by name', async () => {
  await linkedUnder(ours);
  const now = new Date();
  const id = randomUUID();
  await database.db.insert(connections).values({
    ...{ id, kind: 'greenhouse', side: 'ats', name: 'Our Greenhouse', enabled: true },
    settings: greenhouseSettingsSchema.parse({ kind: 'greenhouse' }),
    secrets: sealConnectionSecrets(createSealer(lost), id, { clientSecret: 'secret-of-ours' }),
    ...{ automaticSince: now, createdAt: now, updatedAt: now },
  });
  const { code, said } = await exportWith({ MASTER_KEY: ours.toString('hex') });
  expect(code).toBe(0);
  expect(said).toMatch(/does not open with the master key that is set here: Our Greenhouse\. /);
  expect(await readHeader(file)).toMatchObject({ keyMark: markOf(ours) });
  await database.db.delete(connections);
  await rm(file);
  expect((await exportWith({ MASTER_KEY: ours.toString('hex') })).said).not.toContain('does not open');
});
