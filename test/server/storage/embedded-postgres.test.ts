import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { chmod, chown, cp, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { Client } from 'pg';
import pino from 'pino';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { childrenOf } from '../../../server/storage/embedded/children-of.ts';
import { canEnter, canRun, type SystemUser } from '../../../server/storage/embedded/database-user.ts';
import { findBinaries } from '../../../server/storage/embedded/find-binaries.ts';
import { placeBinaries } from '../../../server/storage/embedded/place-binaries.ts';
import { isInUse, readPostmasterFile, whoIs } from '../../../server/storage/embedded/postmaster-file.ts';
import { startPostmaster } from '../../../server/storage/embedded/start-postmaster.ts';
import { endPostmaster, stopPostmaster } from '../../../server/storage/embedded/stop-postmaster.ts';
import { watchRecovery } from '../../../server/storage/embedded/watch-recovery.ts';
import {
  type EmbeddedPostgres,
  type EmbeddedPostgresOptions,
  startEmbeddedPostgres,
} from '../../../server/storage/embedded-postgres.ts';
import { SOON } from '../../support/soon.ts';
import { within } from '../../support/within.ts';
import { letBeReady, neverReady } from './never-ready.ts';
import { stickInRecovery, stopInRecovery } from './stick-in-recovery.ts';

const isRoot = process.getuid?.() === 0;
const log = pino({ level: 'silent' });
/** A user that is neither root nor the owner of anything. */
const SOMEBODY = { name: 'somebody', uid: 65_534, gid: 65_534 };
const holdDatabase = fileURLToPath(new URL('./hold-database.ts', import.meta.url));
/** Not in a clone that only root may enter: there an ordinary user could not run the server either. */
const canRunAsSomebody =
  isRoot && (await canEnter(SOMEBODY, dirname(holdDatabase))) && (await canRun(SOMEBODY, process.execPath));

let folder: string;
let dataDir: string;
let sharedDir: string;
const running: EmbeddedPostgres[] = [];
const children: ChildProcess[] = [];

beforeEach(async () => {
  folder = join(tmpdir(), `tagalong-embedded-${randomUUID()}`);
  dataDir = join(folder, 'data-dir');
  sharedDir = join(folder, 'shared');
  await mkdir(folder);
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  for (const server of running.splice(0)) await server.stop();
  await rm(folder, { recursive: true });
});

/** Fast and without fsync, unless it is what the test is about. */
async function start(options: Partial<EmbeddedPostgresOptions> = {}): Promise<EmbeddedPostgres> {
  const server = await startEmbeddedPostgres({ dataDir, durable: false, log, ...options, sharedDir });
  running.push(server);
  return server;
}

type Address = Pick<EmbeddedPostgres, 'port' | 'database' | 'user'> & ({ socketDir: string } | { host: string });

async function query<Row>(address: Address, sql: string): Promise<Row[]> {
  const { port, database, user } = address;
  const client = new Client({ port, database, user, host: 'host' in address ? address.host : address.socketDir });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

const words = async (address: Address) =>
  (await query<{ word: string }>(address, 'select word from words order by 1')).map(({ word }) => word);
const write = (address: Address, word: string) =>
  query(address, `create table if not exists words (word text); insert into words values ('${word}')`);

/** Another server process on the same DATA_DIR; resolves when it has written its word. */
async function startProcess(
  word: string,
  user?: SystemUser,
): Promise<{ child: ChildProcess; address: Address & { adopted: boolean } }> {
  const child = spawn(process.execPath, [holdDatabase, dataDir, sharedDir, word], {
    stdio: ['ignore', 'pipe', 'inherit'],
    ...(user ? { uid: user.uid, gid: user.gid } : {}),
  });
  children.push(child);
  for await (const line of createInterface({ input: child.stdout })) return { child, address: JSON.parse(line) };
  throw new Error('the process ended before it had a database');
}

async function kill(child: ChildProcess): Promise<void> {
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await gone;
}

async function postmasterOf(home: string): Promise<number> {
  const file = await readPostmasterFile(join(home, 'data'));
  if (!file) throw new Error('no postmaster runs there');
  return file.pid;
}

/** With all that it has started. The process of a connection that was closed just now may end by itself meanwhile. */
async function freeze(postmaster: number): Promise<void> {
  process.kill(postmaster, 'SIGSTOP');
  for (const { pid } of (await childrenOf(postmaster)) ?? []) {
    try {
      process.kill(pid, 'SIGSTOP');
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
    }
  }
}

test('the first start makes a database that nobody else can reach', async () => {
  const server = await start({ durable: true });
  expect(server.adopted).toBe(false);
  const [settings] = await query<Record<string, string>>(
    server,
    `select current_setting('listen_addresses') as listens, current_setting('fsync') as fsync, current_setting('data_checksums') as checksums,
       current_setting('full_page_writes') as pages, current_setting('synchronous_commit') as commit,
       current_setting('server_encoding') as encoding, (select datlocale from pg_database where datname = current_database()) as locale`,
  );
  expect(settings).toEqual({
    listens: '',
    fsync: 'on',
    checksums: 'on',
    pages: 'on',
    commit: 'on',
    encoding: 'UTF8',
    locale: 'C.UTF-8',
  });
  for (const closed of [join(dataDir, 'postgres'), join(dataDir, 'postgres', 'data'), server.socketDir]) {
    expect((await stat(closed)).mode & 0o777).toBe(0o700);
  }
  expect(await readFile(join(dataDir, 'postgres', 'data', 'pg_hba.conf'), 'utf8')).toMatch(/^host\s+all\s+all\s+\S+\s+reject$/m);
});

test('a stopped database is reopened with what was written', async () => {
  const first = await start();
  await write(first, 'kept');
  await first.stop();
  expect(await readPostmasterFile(join(dataDir, 'postgres', 'data'))).toBeNull();
  expect(await words(await start())).toEqual(['kept']);
});

test('the database of a server killed with kill -9 is taken over as it runs', async () => {
  const { child } = await startProcess('acknowledged');
  const pid = await postmasterOf(join(dataDir, 'postgres'));
  await kill(child);
  const server = await start();
  expect(server.adopted).toBe(true);
  expect(await postmasterOf(join(dataDir, 'postgres'))).toBe(pid);
  expect(await words(server)).toEqual(['acknowledged']);
  await server.stop();
  expect(['nobody', 'zombie']).toContain(await whoIs(pid, join(dataDir, 'postgres', 'data')));
});

test('nothing acknowledged is lost when server and PostgreSQL are killed together', async () => {
  const { child } = await startProcess('acknowledged');
  process.kill(await postmasterOf(join(dataDir, 'postgres')), 'SIGKILL');
  await kill(child);
  const server = await start();
  expect(server.adopted).toBe(false);
  expect(await words(server)).toEqual(['acknowledged']);
});

test.runIf(process.platform === 'linux')(
  'the lock of a dead PostgreSQL that its parent has not buried is no obstacle',
  async () => {
    const { child } = await startProcess('acknowledged');
    const data = join(dataDir, 'postgres', 'data');
    const pid = await postmasterOf(join(dataDir, 'postgres'));
    // A stopped parent buries nobody.
    child.kill('SIGSTOP');
    process.kill(pid, 'SIGKILL');
    await vi.waitFor(async () => expect(await whoIs(pid, data)).toBe('zombie'), SOON);
    expect(await words(await start())).toEqual(['acknowledged']);
  },
);

test('the lock of a dead PostgreSQL is no obstacle when a foreign process has got its id', async () => {
  await write(await start(), 'kept');
  await running.pop()?.stop();
  const home = join(dataDir, 'postgres');
  const owner = await stat(join(home, 'data'));
  const foreign = spawn('sleep', ['60'], isRoot ? { uid: owner.uid, gid: owner.gid } : {});
  children.push(foreign);
  const lock = join(home, 'data', 'postmaster.pid');
  await writeFile(lock, `${foreign.pid}\n${join(home, 'data')}\n1\n5432\n${join(home, 'socket')}\n\n 1 1\nready   \n`);
  await chown(lock, owner.uid, owner.gid);
  const server = await start();
  expect(server.adopted).toBe(false);
  expect(await words(server)).toEqual(['kept']);
  expect(foreign.exitCode).toBeNull();
});

test('a PostgreSQL that dies under a running server is started again, at the same address', async () => {
  const server = await start({ durable: true, watchMs: 10 });
  await write(server, 'kept');
  process.kill(await postmasterOf(join(dataDir, 'postgres')), 'SIGKILL');
  await vi.waitFor(async () => expect(await words(server)).toEqual(['kept']), { timeout: 20_000 });
});

const SOME_LOOKS = 20;
/** No watch of its own comes in between. */
const NEVER_MS = 3_600_000;
/** So long one that heeds nothing is waited for otherwise (stop-postmaster.ts). */
const FAST_SHUTDOWN_MS = 30_000;
const onLinux = process.platform === 'linux';

test.runIf(onLinux)(
  'a PostgreSQL that is stuck in its recovery is ended and started again, says so, and has lost nothing',
  async () => {
    const errors: string[] = [];
    const telling = pino({ level: 'error' }, { write: (line: string) => void errors.push(JSON.parse(line).msg) });
    // Time enough to be asked below before it is ended.
    const server = await start({ durable: true, watchMs: 50, stuckMs: 5_000, log: telling });
    await write(server, 'kept');
    const stuck = await stickInRecovery(join(dataDir, 'postgres', 'data'));
    await expect(words(server)).rejects.toThrow(/recovery mode/);
    await vi.waitFor(async () => expect(await words(server)).toEqual(['kept']), { timeout: 30_000 });
    expect(await postmasterOf(join(dataDir, 'postgres'))).not.toBe(stuck);
    expect(errors).toContainEqual(expect.stringMatching(/recovers from a crash, and has no process that does/));
  },
  120_000,
);

test.runIf(onLinux)(
  'a server that finds a PostgreSQL stuck in its recovery starts it anew and goes on',
  async () => {
    const first = await start({ durable: true, watchMs: 1_000, stuckMs: NEVER_MS });
    await write(first, 'kept');
    await stickInRecovery(join(dataDir, 'postgres', 'data'));
    expect(await words(await start({ durable: true, watchMs: 50, stuckMs: 500 }))).toEqual(['kept']);
  },
  120_000,
);

test.runIf(onLinux)(
  'a server that ends while its PostgreSQL is stuck in its recovery does not wait for it',
  async () => {
    const server = await start({ durable: true, watchMs: 1_000, stuckMs: NEVER_MS });
    await write(server, 'kept');
    const stuck = await stickInRecovery(join(dataDir, 'postgres', 'data'));
    const from = performance.now();
    await server.stop();
    expect(performance.now() - from).toBeLessThan(FAST_SHUTDOWN_MS);
    // Between its end and the state of a zombie a process has a name no more, and is taken for somebody else's.
    await vi.waitFor(
      async () => expect(['nobody', 'zombie']).toContain(await whoIs(stuck, join(dataDir, 'postgres', 'data'))),
      SOON,
    );
    expect(await words(await start({ durable: true }))).toEqual(['kept']);
  },
  120_000,
);

test.runIf(onLinux)('a recovery that is carried out is left alone and waited for, however long it takes', async () => {
  const server = await start({ durable: true, watchMs: NEVER_MS });
  await write(server, 'kept');
  const data = join(dataDir, 'postgres', 'data');
  const { pid, startup } = await stopInRecovery(data);
  const isStuck = watchRecovery({ data, user: server.user, forMs: 0 });
  for (let look = 0; look < SOME_LOOKS; look += 1) expect(await isStuck(pid)).toBe(false);
  const other = start({ durable: true });
  process.kill(startup, 'SIGCONT');
  expect(await words(await other)).toEqual(['kept']);
  expect(await postmasterOf(join(dataDir, 'postgres'))).toBe(pid);
});

/** Whoever ends the server waits so long for all of it. */
const WHOLE_END_MS = 10_000;

test('a server that ends while its PostgreSQL is being started again breaks that off, and leaves nobody behind', async () => {
  const server = await start({ durable: true, watchMs: 10 });
  await write(server, 'kept');
  const home = join(dataDir, 'postgres');
  const data = join(home, 'data');
  const first = await postmasterOf(home);
  const { file } = await neverReady(data);
  process.kill(first, 'SIGKILL');
  // It works on what is to be replayed, and would for ever.
  const revived = async () => (await readPostmasterFile(data))?.pid ?? first;
  await vi.waitFor(async () => expect(await revived()).not.toBe(first), SOON);
  const pid = await revived();
  await within(server.stop(), { withinMs: WHOLE_END_MS, describe: () => 'the end was not there' });
  expect(['nobody', 'zombie']).toContain(await whoIs(pid, data));
  await vi.waitFor(async () => expect(await isInUse(data)).toBe(false), SOON);
  await rm(file);
  expect(await words(await start({ durable: true }))).toEqual(['kept']);
});

test('a start that is over starts nothing, and ends what it has started', async () => {
  await (await start()).stop();
  const home = join(dataDir, 'postgres');
  const data = join(home, 'data');
  const { uid, gid } = await stat(data);
  const user = isRoot ? { name: 'its owner', uid, gid } : null;
  const binaries = await placeBinaries({ binaries: await findBinaries(), into: isRoot ? sharedDir : home, user });
  const from = (over: AbortSignal) => startPostmaster({ binaries, home, data, user, settings: {}, over });
  await expect(from(AbortSignal.abort(new Error('before')))).rejects.toThrow('before');
  await neverReady(data);
  const over = new AbortController();
  const starting = from(over.signal);
  const begun = vi.waitFor(() => postmasterOf(home), SOON);
  begun.then(() => over.abort(new Error('meanwhile')));
  await expect(starting).rejects.toThrow('meanwhile');
  expect(['nobody', 'zombie']).toContain(await whoIs(await begun, data));
});

test('a PostgreSQL that another server started again and that is not ready yet is left to that one by the end', async () => {
  const server = await start({ durable: true, watchMs: NEVER_MS });
  await write(server, 'kept');
  const home = join(dataDir, 'postgres');
  const data = join(home, 'data');
  const first = await postmasterOf(home);
  await neverReady(data);
  process.kill(first, 'SIGKILL');
  await vi.waitFor(async () => expect(['nobody', 'zombie']).toContain(await whoIs(first, data)), SOON);
  const other = start({ durable: true });
  const revived = async () => (await readPostmasterFile(data))?.pid ?? first;
  await vi.waitFor(async () => expect(await revived()).not.toBe(first), SOON);
  const pid = await revived();
  // Where the end takes it away, this rejects before it is waited for.
  other.catch(() => undefined);
  await server.stop();
  expect(await whoIs(pid, data)).toBe('postmaster');
  await letBeReady(data, pid);
  const { adopted } = await other;
  expect(adopted).toBe(false);
  expect(await words(await other)).toEqual(['kept']);
  expect(await postmasterOf(home)).toBe(pid);
});

test('a PostgreSQL that is silent is left by the end of a process that has only found it running', async () => {
  const server = await start({ durable: true, watchMs: NEVER_MS });
  await write(server, 'kept');
  const guest = await start({ durable: true, watchMs: NEVER_MS });
  expect(guest.adopted).toBe(true);
  const home = join(dataDir, 'postgres');
  const pid = await postmasterOf(home);
  process.kill(pid, 'SIGSTOP');
  try {
    await guest.stop();
    expect(await whoIs(pid, join(home, 'data'))).toBe('postmaster');
  } finally {
    process.kill(pid, 'SIGCONT');
  }
  expect(await words(server)).toEqual(['kept']);
  // As soon as it says that nobody else uses it, whoever is the last stops it.
  await guest.stop();
  await vi.waitFor(async () => expect(['nobody', 'zombie']).toContain(await whoIs(pid, join(home, 'data'))), SOON);
});

test.runIf(onLinux)('one that is being ended is not waited for any longer once there is a hurry', async () => {
  const server = await start({ durable: true, watchMs: NEVER_MS });
  await write(server, 'kept');
  const home = join(dataDir, 'postgres');
  const pid = await postmasterOf(home);
  await freeze(pid);
  const hurry = new AbortController();
  const ending = endPostmaster(pid, join(home, 'data'), { immediateMs: NEVER_MS, killedMs: 20_000 }, hurry.signal);
  hurry.abort();
  await within(ending, { withinMs: WHOLE_END_MS, describe: () => 'its end was not there' });
  expect(await words(await start({ durable: true }))).toEqual(['kept']);
});

test.runIf(onLinux)('of a PostgreSQL that heeds no signal but the last nobody is left on the data', async () => {
  const server = await start({ durable: true, watchMs: NEVER_MS });
  await write(server, 'kept');
  const home = join(dataDir, 'postgres');
  const pid = await postmasterOf(home);
  await freeze(pid);
  await endPostmaster(pid, join(home, 'data'), { immediateMs: 200, killedMs: 20_000 });
  await vi.waitFor(async () => expect(await isInUse(join(home, 'data'))).toBe(false), SOON);
  expect(await words(await start({ durable: true }))).toEqual(['kept']);
});

test('a PostgreSQL that runs and says nothing is told as such by the start, when connected to and when asked', async () => {
  const first = await start({ durable: true, watchMs: NEVER_MS });
  const { socketDir: host, port, user, database } = first;
  const pid = await postmasterOf(join(dataDir, 'postgres'));
  const silent = /embedded database .* has not answered within 1 s: its process is frozen/;
  // A frozen one: the system takes the connection for it.
  process.kill(pid, 'SIGSTOP');
  try {
    await expect(start({ durable: true, answerMs: 1_000 })).rejects.toThrow(silent);
  } finally {
    process.kill(pid, 'SIGCONT');
  }
  const other = new Client({ host, port, user, database });
  await other.connect();
  try {
    // What the start asks for waits for this.
    await other.query('begin; lock table pg_settings');
    await expect(start({ durable: true, answerMs: 1_000 })).rejects.toThrow(silent);
  } finally {
    await other.end();
  }
});

test.runIf(onLinux)(
  'a server that ends while its PostgreSQL is frozen does not wait for it, and leaves nobody behind',
  async () => {
    const server = await start({ durable: true, watchMs: NEVER_MS });
    await write(server, 'kept');
    const home = join(dataDir, 'postgres');
    const pid = await postmasterOf(home);
    await freeze(pid);
    const from = performance.now();
    await server.stop();
    expect(performance.now() - from).toBeLessThan(FAST_SHUTDOWN_MS);
    await vi.waitFor(async () => expect(await isInUse(join(home, 'data'))).toBe(false), SOON);
    expect(await words(await start({ durable: true }))).toEqual(['kept']);
  },
);

test('a PostgreSQL of which a process hangs is stopped all the same, and loses nothing', async () => {
  const server = await start({ durable: true });
  await write(server, 'kept');
  const [hanging] = await query<{ pid: number }>(server, `select pid from pg_stat_activity where backend_type = 'checkpointer'`);
  process.kill(hanging?.pid ?? Number.NaN, 'SIGSTOP');
  const home = join(dataDir, 'postgres');
  await stopPostmaster(await postmasterOf(home), join(home, 'data'), { fastMs: 300, immediateMs: 20_000 });
  expect(await words(await start({ durable: true }))).toEqual(['kept']);
});

test('servers that start together share one database', async () => {
  const servers = await Promise.all([start(), start(), start()]);
  expect(servers.filter(({ adopted }) => !adopted)).toHaveLength(1);
  expect(new Set(servers.map(({ socketDir }) => socketDir)).size).toBe(1);
});

test('a server that ends leaves the database to another that still uses it', async () => {
  const server = await start({ durable: true });
  const { child, address } = await startProcess('of the other');
  expect(address.adopted).toBe(true);
  await server.stop();
  expect(await words(address)).toEqual(['of the other']);
  await kill(child);
});

test('two DATA_DIRs have two databases', async () => {
  const one = await start();
  const other = await start({ dataDir: join(folder, 'other') });
  await write(one, 'one');
  await write(other, 'other');
  expect(await words(one)).toEqual(['one']);
  expect(await words(other)).toEqual(['other']);
});

test('a DATA_DIR with a long name works, its socket lies elsewhere', async () => {
  const server = await start({ dataDir: join(folder, 'l'.repeat(100)) });
  expect(server.socketDir.length).toBeLessThan(90);
  expect((await stat(server.socketDir)).mode & 0o777).toBe(0o700);
  await server.stop();
  await expect(stat(server.socketDir)).rejects.toThrow('ENOENT');
});

test('a DATA_DIR of another major version is refused and left alone', async () => {
  await (await start()).stop();
  const version = join(dataDir, 'postgres', 'data', 'PG_VERSION');
  await writeFile(version, '17\n');
  await expect(start()).rejects.toThrow('made by PostgreSQL 17');
  await writeFile(version, '18\n');
});

test('a DATA_DIR that is half there is told in a sentence with its mend, and left alone', async () => {
  const file = join(folder, 'a-file');
  await writeFile(file, 'of somebody');
  await expect(start({ dataDir: file })).rejects.toThrow(/cannot use .*a-file: something else lies there.*DATA_DIR/);
  await expect(start({ dataDir: join(file, 'below') })).rejects.toThrow(/a part of that path is not a folder.*DATA_DIR/);
  const half = join(folder, 'half');
  await mkdir(join(half, 'postgres', 'data'), { recursive: true, mode: 0o711 });
  await expect(start({ dataDir: half })).rejects.toThrow(/not whole: its file PG_VERSION is missing. Restore the whole DATA_DIR/);
  const taken = join(folder, 'taken');
  await mkdir(taken, { mode: 0o711 });
  await writeFile(join(taken, 'postgres'), 'of somebody');
  await expect(start({ dataDir: taken })).rejects.toThrow(/cannot use .*taken.postgres: something else lies there/);
  expect(await readFile(join(taken, 'postgres'), 'utf8')).toBe('of somebody');
});

test('a PostgreSQL that does not start is reported in its own words', async () => {
  await (await start()).stop();
  const settings = join(dataDir, 'postgres', 'data', 'postgresql.conf');
  await writeFile(settings, 'no_such_setting = 1\n', { flag: 'a' });
  await expect(start()).rejects.toThrow('unrecognized configuration parameter "no_such_setting"');
});

test.each(['alter role tagalong', 'alter database tagalong'])(
  'what "%s" weakened is refused, and mended by what it says',
  async (who) => {
    const first = await start();
    await query(first, `${who} set synchronous_commit = off`);
    await first.stop();
    await expect(start({ durable: true })).rejects.toThrow(/lose what it has confirmed \(synchronous_commit = off\).*reset all/);
    const again = await start();
    await query(again, `${who} reset all`);
    await again.stop();
    expect(await query(await start({ durable: true }), 'show synchronous_commit')).toEqual([{ synchronous_commit: 'on' }]);
  },
);

test('a database that was found running without fsync is refused, and left running', async () => {
  const forgetful = await start();
  await expect(start({ durable: true })).rejects.toThrow(/fsync, full_page_writes, synchronous_commit = off/);
  expect(await query(forgetful, 'select 1 as one')).toEqual([{ one: 1 }]);
});

test('damage to its files is noticed: it is made with checksums', async () => {
  expect(await query(await start(), 'show data_checksums')).toEqual([{ data_checksums: 'on' }]);
});

test.runIf(isRoot)('as root, PostgreSQL runs as an unprivileged user who owns the data', async () => {
  const server = await start();
  const home = join(dataDir, 'postgres');
  const { uid } = await stat(join(home, 'data'));
  expect(uid).toBeGreaterThan(0);
  expect((await stat(server.socketDir)).uid).toBe(uid);
  const status = await readFile(`/proc/${await postmasterOf(home)}/status`, 'utf8');
  expect(status).toMatch(new RegExp(`^Uid:\\s+${uid}\\s+${uid}\\s+${uid}\\s+${uid}$`, 'm'));
});

test.runIf(canRunAsSomebody)('an ordinary user runs it as themselves', async () => {
  await mkdir(dataDir);
  await chown(dataDir, SOMEBODY.uid, SOMEBODY.gid);
  const { child } = await startProcess('mine', SOMEBODY);
  expect((await stat(join(dataDir, 'postgres', 'data'))).uid).toBe(SOMEBODY.uid);
  await kill(child);
  // Root finds it running and owned by that user, and goes on as that user.
  const server = await start();
  expect(server.adopted).toBe(true);
  await server.stop();
  expect(await words(await start())).toEqual(['mine']);
});

test.runIf(isRoot)('a DATA_DIR that only root may enter finds its data again, also after it was moved', async () => {
  const closed = join(folder, 'closed');
  await mkdir(closed, { mode: 0o700 });
  const first = await start({ dataDir: join(closed, 'data') });
  await write(first, 'kept');
  await first.stop();
  expect(await words(await start({ dataDir: join(closed, 'data') }))).toEqual(['kept']);
  await running.pop()?.stop();
  await rename(join(closed, 'data'), join(closed, 'moved'));
  expect(await words(await start({ dataDir: join(closed, 'moved') }))).toEqual(['kept']);
});

test.runIf(isRoot)('two DATA_DIRs that only root may enter never share data, not even a copy with its original', async () => {
  const closed = join(folder, 'closed');
  await mkdir(closed, { mode: 0o700 });
  await write(await start({ dataDir: join(closed, 'one') }), 'one');
  const other = await start({ dataDir: join(closed, 'other') });
  await expect(words(other)).rejects.toThrow('relation "words" does not exist');
  await cp(join(closed, 'one'), join(closed, 'copy'), { recursive: true });
  await expect(start({ dataDir: join(closed, 'copy') })).rejects.toThrow('is a copy of');
});

test.runIf(isRoot)('a DATA_DIR that is closed later is refused rather than begun anew', async () => {
  await (await start()).stop();
  await chmod(dataDir, 0o700);
  await expect(start()).rejects.toThrow('may not enter');
});
