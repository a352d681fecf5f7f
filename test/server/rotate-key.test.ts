import { execFile } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { link, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { afterEach, beforeEach, describe, expect, inject, test } from 'vitest';
import { say } from '../../server/say.ts';
import { loadMasterKey } from '../../server/storage/master-key.ts';
import { createSealer, markOf, openOrNull, type Sealer } from '../../server/storage/seal.ts';
import { SEALED_FOR } from '../../server/storage/seal-contexts.ts';
import { startServer } from '../support/start-server.ts';

const run = promisify(execFile);

let dataDir: string;
beforeEach(async () => {
  dataDir = join(await mkdtemp(join(tmpdir(), 'tagalong-test-rotate-')), 'data');
});
afterEach(() => rm(join(dataDir, '..'), { recursive: true, force: true }));

/** Of the commands, besides the folder. */
let more: Record<string, string> = {};
const environment = () => ({ DATA_DIR: dataDir, PORT: '0', LOG_LEVEL: 'error', ...more });
const call = async (...options: string[]): Promise<{ code: number; stdout: string; stderr: string }> =>
  await run(process.execPath, ['server/rotate-key.ts', ...options], { env: { ...process.env, ...environment() } }).then(
    (said) => ({ ...said, code: 0 }),
    (error) => error,
  );
const rotate = async (...options: string[]) => (await call(...options)).stdout;
const key = () => readFile(join(dataDir, 'master.key'), 'utf8');
const hasPrevious = () => existsSync(join(dataDir, 'master.key.previous'));

test('beside a running server the first call makes a key, and the second, after a restart, leaves the one before', async () => {
  const logFile = join(dataDir, '..', 'server.log');
  const first = await startServer({ environment: environment(), logFile });
  const before = await key();
  expect(await rotate()).toContain('A new key was made');
  expect(await key()).not.toBe(before);
  expect(hasPrevious()).toBe(true);
  await first.stop();
  const second = await startServer({ environment: environment(), logFile });
  expect(await rotate()).toContain('Nothing is sealed under the key before any more');
  expect(hasPrevious()).toBe(false);
  expect(await second.stop()).toBe(0);
});

test('while no server runs one call does it all', async () => {
  const server = await startServer({ environment: environment(), logFile: join(dataDir, '..', 'server.log') });
  await server.stop();
  const before = await key();
  expect(await rotate()).toContain('Nothing is sealed under the key before any more');
  expect(await key()).not.toBe(before);
  expect(hasPrevious()).toBe(false);
});

describe('beside processes that the database knows', () => {
  // Without the pool of a test database, which is a process of ours like any other.
  const server = { ...inject('testServer'), database: 'postgres' };
  let database: string;
  let watcher: Client;
  let sessions: Client[];
  beforeEach(async () => {
    sessions = [];
    database = `test_${randomUUID().replaceAll('-', '')}`;
    watcher = new Client(server);
    await watcher.connect();
    await watcher.query(`create database ${database} template template_tagalong`);
    const { host, port, user } = server;
    more = { DATABASE_URL: `postgresql:///${database}?host=${encodeURIComponent(host)}&port=${port}&user=${user}` };
    await loadMasterKey({ fromEnvironment: null, dataDir });
  });
  afterEach(async () => {
    for (const session of sessions) await session.end();
    await watcher.query(`drop database ${database} with (force)`);
    await watcher.end();
    more = {};
  });

  const connect = async (name: string) => {
    const session = new Client({ ...server, database, application_name: name });
    await session.connect();
    sessions.push(session);
    return session;
  };
  const mark = async () => markOf(await loadMasterKey({ fromEnvironment: null, dataDir }));

  test('neither call seals anything while one knows the key before alone, or tells none, and it is named', async () => {
    await connect(`tagalong 4711-abc ${await mark()}`);
    await connect('tagalong 12');
    for (const call of ['first', 'second']) {
      const said = await rotate();
      expect(said, call).toContain('do not seal with the new key yet: 12, 4711.');
      expect(said, call).not.toContain('Sealed under');
      expect(hasPrevious(), call).toBe(true);
    }
    for (const session of sessions.splice(0)) await session.end();
    await connect(`tagalong 4711-def ${await mark()}`);
    await connect('tagalong 4711-def');
    expect(await rotate()).toContain('Nothing is sealed under the key before any more');
    expect(hasPrevious()).toBe(false);
  });

  test('the key before is kept when one that knows it alone comes while all is sealed anew', async () => {
    const before = await mark();
    const holder = await connect('somebody else');
    await holder.query('begin; lock table tagalong.audit_head');
    let isOver = false;
    const rotating = rotate().finally(() => {
      isOver = true;
    });
    const waits = `select 1 from pg_locks where relation = 'tagalong.audit_head'::regclass and not granted`;
    while (!isOver && (await holder.query(waits)).rowCount === 0) await new Promise(setImmediate);
    await connect(`tagalong 4711-abc ${before}`);
    await holder.query('commit');
    const said = await rotating;
    expect(said).toContain('Sealed under the new key');
    expect(said).toContain('do not seal with the new key yet: 4711.');
    expect(said).not.toContain('Nothing is sealed under the key before');
    expect(hasPrevious()).toBe(true);
  });

  test('where a call was cut off before the new key was made, the next one makes it', async () => {
    const before = await key();
    await link(join(dataDir, 'master.key'), join(dataDir, 'master.key.previous'));
    const said = await rotate();
    expect(said).toContain('A new key was made');
    expect(said).toContain('Nothing is sealed under the key before any more');
    expect(await key()).not.toBe(before);
    expect(hasPrevious()).toBe(false);
  });

  test('the same key under both variables is refused, however it is written', async () => {
    const same = randomBytes(32);
    more = { ...more, MASTER_KEY: same.toString('hex'), MASTER_KEY_PREVIOUS: same.toString('base64') };
    expect(await rotate()).toBe(`${say('server.rotate.same-key')}\n`);
  });

  test('of two at once the later changes nothing, and says so', async () => {
    const before = await key();
    const earlier = await connect('somebody else');
    await earlier.query(`select pg_advisory_lock(hashtextextended('tagalong master key', 0))`);
    expect(await rotate()).toBe(`${say('server.rotate.other-runs')}\n`);
    expect(await key()).toBe(before);
    expect(hasPrevious()).toBe(false);
  });

  /** As servers leave it that know a key which is not here. Answers how often it still stands there, and the mark of that key. */
  const sealErasureKey = async () => {
    const lost = randomBytes(32);
    const sealed = createSealer(lost).seal('of the erased', SEALED_FOR.erasureKey);
    const own = await connect('somebody else');
    await own.query(`insert into tagalong.settings (key, value, updated_at) values ('erasure-key', $1, now())`, [{ sealed }]);
    const count = async () => (await own.query(`select from tagalong.settings where value->>'sealed' = $1`, [sealed])).rowCount;
    return { count, lostMark: markOf(lost) };
  };

  test('a lost key is given up where nobody has it and servers run with another, and that is said', async () => {
    const { count } = await sealErasureKey();
    await connect('tagalong 4711-abc other-ke');
    expect(await rotate('--key-lost')).toContain('do not seal with the new key yet: 4711.');
    await sessions.pop()?.end();
    expect(await count()).toBe(1);
    await connect(`tagalong 4712-abc ${await mark()}`);
    expect(await rotate('--key-lost')).toContain('no longer kept out');
    expect(await count()).toBe(0);
    expect(await rotate('--key-lost')).toContain('Nothing was changed.');
    expect(hasPrevious()).toBe(false);
  });

  test('a key under which no server was seen gives nothing up, unless somebody insists', async () => {
    const { count, lostMark } = await sealErasureKey();
    const marks = say('server.lost-key.mark', { mark: await mark() });
    expect(await rotate('--key-lost')).toBe(`${marks}\n${say('server.lost-key.seen-with', { marks: lostMark })}\n`);
    expect(await count()).toBe(1);
    expect(await rotate('--key-lost', '--yes')).toContain('no longer kept out');
    expect(await count()).toBe(0);
  });

  /** The extra time of somebody, and what the key of `dataDir` makes of it. */
  const sealExtraTime = async (person: string, sealer: Sealer) => {
    const own = await connect('somebody else');
    const context = SEALED_FOR.accommodation(person);
    const row = [person, sealer.seal(`of ${person}`, context)];
    await own.query(`insert into tagalong.accommodations (person, sealed, set_at) values ($1, $2, now())`, row);
    return async () => {
      const { rows } = await own.query('select sealed from tagalong.accommodations where person = $1', [person]);
      return openOrNull(createSealer(await loadMasterKey({ fromEnvironment: null, dataDir })), rows[0].sealed, context);
    };
  };

  test('after a lost key the key can be changed again and again, and what is lost is told each time', async () => {
    await sealErasureKey();
    const lost = await sealExtraTime('ada@mail.example', createSealer(randomBytes(32)));
    const current = createSealer(await loadMasterKey({ fromEnvironment: null, dataDir }));
    const kept = await sealExtraTime('ben@mail.example', current);
    expect(await rotate('--key-lost', '--yes')).toContain('no longer kept out');
    for (const change of ['first', 'second']) {
      const before = await key();
      const said = await call();
      expect(said, change).toMatchObject({ code: 0, stdout: expect.stringContaining(say('server.rotate.done')) });
      expect(said.stdout, change).toContain(say('server.rotate.lost', { places: 'accommodations.sealed' }));
      expect(said.stderr, change).toContain(say('server.rotate.unreadable', { table: 'accommodations', count: 1 }));
      expect(await key(), change).not.toBe(before);
      expect(hasPrevious(), change).toBe(false);
      expect(await kept(), change).toBe('of ben@mail.example');
      expect(await lost(), change).toBeNull();
    }
  });

  test('the key before is kept while something is under it, also beside what is lost', async () => {
    await sealExtraTime('ada@mail.example', createSealer(randomBytes(32)));
    const own = await connect('somebody else');
    const sealed = createSealer(await loadMasterKey({ fromEnvironment: null, dataDir })).seal('x', 'somewhere');
    await own.query(`insert into tagalong.settings (key, value, updated_at) values ('odd', to_jsonb($1::text), now())`, [sealed]);
    for (const change of ['first', 'second']) {
      const said = await call();
      expect(said, change).toMatchObject({
        code: 1,
        stdout: expect.stringContaining(say('server.rotate.left', { places: 'settings.value' })),
      });
      expect(hasPrevious(), change).toBe(true);
    }
    await own.query(`delete from tagalong.settings where key = 'odd'`);
    expect((await call()).code).toBe(0);
    expect(hasPrevious()).toBe(false);
  });

  test('without a key nothing is done, and none is made', async () => {
    const { count } = await sealErasureKey();
    await rm(dataDir, { recursive: true });
    const path = join(dataDir, 'master.key');
    for (const options of [['--key-lost', '--yes'], []]) {
      expect(await rotate(...options)).toBe(`${say('server.rotate.no-key', { path })}\n`);
      expect(existsSync(dataDir)).toBe(false);
    }
    expect(await count()).toBe(1);
  });
});
