import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { asUser, type SystemUser } from './database-user.ts';
import { type Binaries, postgresPath } from './find-binaries.ts';
import { isInUse, isProgramDeleted, type Occupant, type PostmasterFile, readPostmasterFile, whoIs } from './postmaster-file.ts';
import { clearSocketLock, makeSocketFolder, SOCKET_PORT } from './socket-folder.ts';
import { AT_THE_END, endPostmaster, stopPostmaster } from './stop-postmaster.ts';

export interface StartOptions {
  binaries: Binaries;
  home: string;
  data: string;
  user: SystemUser | null;
  settings: Record<string, string>;
  /** Told of each process that is started here, before it is ready, and whether it ever will be. */
  onLaunch?: ((pid: number) => void) | undefined;
  /** Once it is aborted nothing is started any more. */
  over?: AbortSignal | undefined;
}

export interface RunningPostmaster extends PostmasterFile {
  /** True when it was found running, left by a server that was killed. */
  adopted: boolean;
}

/** Recovery after a crash takes long where there is much to replay. */
const PATIENCE_MS = 120_000;
const GLANCE_MS = 20;

/**
 * Returns the postmaster of `data`: the one that runs already, else one started here, detached, so that it outlives a killed
 * server and loses nothing. Waits while what a dead one left is still at work. Throws with PostgreSQL's own words when it does not start,
 * and with the reason of `over` when that is aborted before it takes connections: what was started here has ended then.
 */
export async function startPostmaster(options: StartOptions): Promise<RunningPostmaster> {
  const deadline = performance.now() + PATIENCE_MS;
  while (performance.now() < deadline) {
    options.over?.throwIfAborted();
    const running = await adoptOrLaunch(options, deadline);
    if (running) return running;
    await wait(GLANCE_MS);
  }
  throw new Error(`PostgreSQL did not start within ${PATIENCE_MS / 1000} s; its words are in ${options.home}.`);
}

/** Null when there is nothing to do but look again. */
async function adoptOrLaunch(options: StartOptions, deadline: number): Promise<RunningPostmaster | null> {
  const found = await readPostmasterFile(options.data);
  const occupant = found ? await whoIs(found.pid, options.data) : 'nobody';
  if (found && occupant === 'postmaster') return adopt(found.pid, options, deadline);
  if (found && !(await clearStaleLock(options.data, found, occupant))) return null;
  const started = await launch(options, deadline);
  return started && { ...started, adopted: false };
}

async function adopt(pid: number, { data, over }: StartOptions, deadline: number): Promise<RunningPostmaster | null> {
  if (await isProgramDeleted(pid)) {
    await stopPostmaster(pid, data);
    return null;
  }
  const ready = await waitUntilReady(data, pid, { deadline, over });
  return ready && { ...ready, adopted: true };
}

/**
 * A lock left by a crash. PostgreSQL itself clears one whose process id is free, but refuses to start while the id is taken: by a
 * zombie that its parent has not buried yet, or by a foreign process that was given the same id (in a container ids repeat at once).
 * Then the lock is ours to remove, once nobody works on the data. False: not yet.
 */
async function clearStaleLock(data: string, found: PostmasterFile, occupant: Occupant): Promise<boolean> {
  if (await isInUse(data)) return false;
  // Elsewhere than on Linux it cannot be seen whether a backend outlived its postmaster; they end with the zombie's burial.
  if (occupant === 'zombie' && process.platform !== 'linux') return false;
  // Another server may have cleared it and started meanwhile; its lock must stay.
  const current = await readPostmasterFile(data);
  if (occupant !== 'nobody' && current?.pid === found.pid) {
    await clearSocketLock(found.socketDir);
    await rm(join(data, 'postmaster.pid'), { force: true });
  }
  return true;
}

/** Null when another process won the race for the lock, or a dying one still holds it: look again. */
async function launch(options: StartOptions, deadline: number): Promise<PostmasterFile | null> {
  const { binaries, home, data, user, over } = options;
  const socketDir = await makeSocketFolder(home, user);
  const logPath = join(home, `starting.${randomBytes(6).toString('hex')}.log`);
  const settings = { ...options.settings, listen_addresses: '', unix_socket_directories: socketDir, port: String(SOCKET_PORT) };
  const { pid, ended } = await spawnPostgres({ binaries, data, user, settings, logPath });
  options.onLaunch?.(pid);
  const ready = await waitUntilReady(data, pid, { deadline, over, ended });
  if (ready) {
    await keepLog(home, logPath);
    return ready;
  }
  // Nobody would know of it any more. What it has done of a recovery until now the next start does again.
  if (over?.aborted) await endPostmaster(pid, data, AT_THE_END).finally(() => rm(logPath));
  over?.throwIfAborted();
  const words = await lastWords(logPath);
  await rename(logPath, join(home, 'server.failed.log'));
  if (/lock file "postmaster.pid" already exists|pre-existing shared memory block/.test(words)) return null;
  throw new Error(`PostgreSQL did not start: ${words}`, { cause: await ended });
}

type SpawnOptions = Omit<StartOptions, 'home' | 'onLaunch' | 'over'> & { logPath: string };

/** `ended` resolves with the exit code, or with the error that kept it from starting. */
async function spawnPostgres({ binaries, data, user, settings, logPath }: SpawnOptions) {
  const log = await open(logPath, 'w', 0o600);
  const args = ['-D', data, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])];
  const child = spawn(postgresPath(binaries), args, {
    ...asUser(user),
    env: { LC_ALL: 'C', TZ: 'UTC' },
    // In a session of its own: neither Ctrl+C in our terminal nor our death reaches it.
    detached: true,
    stdio: ['ignore', log.fd, log.fd],
  });
  const ended = new Promise<Error | number | null>((resolve) => child.once('error', resolve).once('exit', resolve));
  await log.close();
  child.unref();
  return { pid: child.pid ?? 0, ended };
}

interface Until {
  deadline: number;
  over: AbortSignal | undefined;
  ended?: Promise<unknown>;
}

/** Waits until process `pid` says in its file that it takes connections; null when it ended before, or the time is up, or all is over. */
async function waitUntilReady(data: string, pid: number, { deadline, over, ended }: Until): Promise<PostmasterFile | null> {
  const gone = new AbortController();
  ended?.then(() => gone.abort());
  const signal = over ? AbortSignal.any([gone.signal, over]) : gone.signal;
  while (!signal.aborted && performance.now() < deadline) {
    const file = await readPostmasterFile(data);
    if (file?.pid === pid && file.ready) return file;
    if (!ended && (await whoIs(pid, data)) !== 'postmaster') return null;
    await wait(GLANCE_MS, undefined, { signal }).catch(() => undefined);
  }
  return null;
}

/** One file per start and the one before it: the reason of a crash is still there after the restart. */
async function keepLog(home: string, logPath: string): Promise<void> {
  const kept = join(home, 'server.log');
  await rename(kept, join(home, 'server.previous.log')).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
  await rename(logPath, kept);
}

async function lastWords(logPath: string): Promise<string> {
  const text = await readFile(logPath, 'utf8');
  return text.trim().split('\n').slice(-8).join(' | ') || 'it said nothing';
}
