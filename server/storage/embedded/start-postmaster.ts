import { spawn } from 'node:child_process';
import { open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { asUser, type SystemUser } from './database-user.ts';
import { type Binaries, postgresPath } from './find-binaries.ts';
import { isInUse, isProgramDeleted, type Occupant, type PostmasterFile, readPostmasterFile, whoIs } from './postmaster-file.ts';
import { makeSocketFolder, removeTemporarySocketFolder, SOCKET_PORT } from './socket-folder.ts';
import { stopPostmaster } from './stop-postmaster.ts';

export interface StartOptions {
  binaries: Binaries;
  home: string;
  data: string;
  user: SystemUser | null;
  settings: Record<string, string>;
}

export interface RunningPostmaster extends PostmasterFile {
  /** True when it was found running, left by a server that was killed. */
  adopted: boolean;
}

/** A buried zombie takes about a second; recovery after a crash takes longer with much to replay. */
const PATIENCE_MS = 120_000;
const GLANCE_MS = 20;

/**
 * Returns the postmaster of `data`: the one that runs already, else one started here, detached, so that it outlives a killed
 * server and loses nothing. Waits while a dead one's lock lingers. Throws with PostgreSQL's own words when it does not start.
 */
export async function startPostmaster(options: StartOptions): Promise<RunningPostmaster> {
  const deadline = performance.now() + PATIENCE_MS;
  while (performance.now() < deadline) {
    const running = await adoptOrLaunch(options, deadline);
    if (running) return running;
    await wait(GLANCE_MS);
  }
  throw new Error(`PostgreSQL did not start within ${PATIENCE_MS / 1000} s: ${await lastWords(options.home)}`);
}

/** Null when there is nothing to do but look again. */
async function adoptOrLaunch(options: StartOptions, deadline: number): Promise<RunningPostmaster | null> {
  const found = await readPostmasterFile(options.data);
  const occupant = found ? await whoIs(found.pid, options.data) : 'nobody';
  if (found && occupant === 'zombie') return null;
  if (found && occupant === 'postmaster') return adopt(found.pid, options.data, deadline);
  if (found) await clearStaleLock(options.data, found, occupant);
  const started = await launch(options, deadline);
  return started && { ...started, adopted: false };
}

async function adopt(pid: number, data: string, deadline: number): Promise<RunningPostmaster | null> {
  if (await isProgramDeleted(pid)) {
    await stopPostmaster(pid, data);
    return null;
  }
  const ready = await waitUntilReady(data, pid, deadline);
  return ready && { ...ready, adopted: true };
}

/**
 * A lock left by a crash. PostgreSQL itself clears one whose process id is free, but refuses to start when the id now belongs to
 * a foreign process of the same user (in a container ids repeat at once). Then the lock is ours to remove, once nobody works on the data.
 */
async function clearStaleLock(data: string, found: PostmasterFile, occupant: Occupant): Promise<void> {
  await removeTemporarySocketFolder(found.socketDir);
  if (occupant === 'foreign' && !(await isInUse(data))) await rm(join(data, 'postmaster.pid'), { force: true });
}

/** Null when another process won the race for the lock, or a dying one still holds it: look again. */
async function launch(options: StartOptions, deadline: number): Promise<PostmasterFile | null> {
  const { binaries, home, data, user } = options;
  const socketDir = await makeSocketFolder(home, user);
  const log = await openLog(home);
  const settings = { ...options.settings, listen_addresses: '', unix_socket_directories: socketDir, port: String(SOCKET_PORT) };
  const args = ['-D', data, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])];
  const child = spawn(postgresPath(binaries), args, {
    ...asUser(user),
    env: { LC_ALL: 'C', TZ: 'UTC' },
    detached: true,
    stdio: ['ignore', log.fd, log.fd],
  });
  const ended = new Promise<Error | number | null>((resolve) => child.once('error', resolve).once('exit', resolve));
  await log.close();
  const ready = await waitUntilReady(data, child.pid ?? 0, deadline, ended);
  child.unref();
  if (ready) return ready;
  await removeTemporarySocketFolder(socketDir);
  const words = await lastWords(home);
  if (/lock file "postmaster.pid" already exists|pre-existing shared memory block/.test(words)) return null;
  throw new Error(`PostgreSQL did not start: ${words}`, { cause: await ended });
}

/** Waits until process `pid` says in its file that it takes connections; null when it ended before, or the time is up. */
async function waitUntilReady(
  data: string,
  pid: number,
  deadline: number,
  ended?: Promise<unknown>,
): Promise<PostmasterFile | null> {
  const gone = new AbortController();
  ended?.then(() => gone.abort());
  while (!gone.signal.aborted && performance.now() < deadline) {
    const file = await readPostmasterFile(data);
    if (file?.pid === pid && file.ready) return file;
    if (!ended && (await whoIs(pid, data)) !== 'postmaster') return null;
    await wait(GLANCE_MS, undefined, { signal: gone.signal }).catch(() => undefined);
  }
  return null;
}

/** One file per start and the one before it: the reason of a crash is still there after the restart. */
async function openLog(home: string) {
  const path = join(home, 'server.log');
  await rename(path, join(home, 'server.previous.log')).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
  return open(path, 'w', 0o600);
}

async function lastWords(home: string): Promise<string> {
  const text = await readFile(join(home, 'server.log'), 'utf8');
  return text.trim().split('\n').slice(-8).join(' | ') || 'it said nothing';
}
