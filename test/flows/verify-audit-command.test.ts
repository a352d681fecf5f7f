import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { z } from 'zod';
import { pairAnswerSchema } from '../../lib/contract/pairing.ts';
import { PATHS } from '../../lib/contract/paths.ts';
import { createAdminApi } from '../support/admin-api.ts';
import { freePort } from '../support/free-port.ts';
import { type RunningServer, startServer } from '../support/start-server.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';

let folder: string;
let database: TestDatabase;
let server: RunningServer | undefined;
let environment: Record<string, string>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tagalong-verify-'));
  database = await createTestDatabase();
  const { host, port, user } = inject('testServer');
  const DATABASE_URL = `postgresql:///${database.address.database}?host=${encodeURIComponent(host)}&port=${port}&user=${user}`;
  environment = { PORT: `${await freePort()}`, DATA_DIR: join(folder, 'data'), DATABASE_URL };
  server = await startServer({ environment, logFile: join(folder, 'server.log') });
}, 120_000);

afterAll(async () => {
  await server?.stop();
  await database?.drop();
  await rm(folder, { recursive: true, force: true });
});

async function verify(...given: (string | Record<string, string>)[]) {
  const child = spawn(process.execPath, [resolve('server/verify-audit.ts'), ...given.filter((one) => typeof one === 'string')], {
    cwd: folder,
    env: { ...process.env, NODE_NO_WARNINGS: '1', ...environment, ...given.find((one) => typeof one !== 'string') },
  });
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk) => {
    out += chunk;
  });
  child.stderr.on('data', (chunk) => {
    err += chunk;
  });
  const code = await new Promise<number | null>((done) => child.once('close', done));
  return { out, err, code };
}

describe('npm run verify-audit', () => {
  test('beside a running server: the activity is whole, and its end can be noted', async () => {
    const stranger = createAdminApi({ baseUrl: server?.address ?? '', token: null });
    const code = server?.pairingCode ?? '';
    const { token } = await stranger.call(pairAnswerSchema, 'POST', PATHS.pair, { code, name: 'Rosa', device: 'Test' });
    const api = createAdminApi({ baseUrl: server?.address ?? '', token });
    for (const note of ['Ben', 'Cleo']) await api.call(z.unknown(), 'POST', PATHS.codes, { role: 'viewer', note });
    const { out, err, code: ended } = await verify();
    expect({ err, ended }).toEqual({ err: '', ended: 0 });
    expect(out).toMatch(/The activity is whole|There is no activity yet/);
  });

  test('without a server: all was linked when it stopped, and the noted end is found again', async () => {
    await server?.stop();
    server = undefined;
    const { out, code } = await verify();
    expect(out).toContain('The activity is whole: 4 entries');
    expect(out).not.toContain('not linked yet');
    expect(code).toBe(0);
    const head = /(4:[0-9a-f]{64})/.exec(out)?.[1] ?? '';
    expect((await verify('--head', head)).code).toBe(0);
    const other = await verify('--head', `5:${'a'.repeat(64)}`);
    expect([other.code, other.out]).toEqual([
      1,
      expect.stringContaining('The first place is entry 5: it and all after it are missing.'),
    ]);
    const unreadable = await verify('--head', 'five');
    expect([unreadable.code, unreadable.err]).toEqual([1, expect.stringContaining('--head wants SEQ:HASH')]);
  });

  test('while the master key is being changed, the end that the key before sealed is known', async () => {
    const before = (await readFile(join(folder, 'data', 'master.key'), 'utf8')).trim();
    const after = randomBytes(32).toString('hex');
    const unknown = await verify({ MASTER_KEY: after });
    expect([unknown.code, unknown.out]).toEqual([1, expect.stringContaining('was not sealed with this server’s master key')]);
    expect(await verify({ MASTER_KEY: after, MASTER_KEY_PREVIOUS: before })).toMatchObject({ code: 0 });
  });

  test('an entry that somebody changed is named, and the code says so', async () => {
    const owner = new pg.Client(database.address);
    await owner.connect();
    await owner.query(`set session_replication_role = replica; update tagalong.audit set action = 'code.kept' where seq = 2`);
    await owner.end();
    const { out, code } = await verify();
    expect(out).toContain('The activity is not as it was written. The first place is entry 2: it was changed.');
    expect(code).toBe(1);
  });
});
