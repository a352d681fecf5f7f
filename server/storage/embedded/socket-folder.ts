import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { makeClosedFolder } from './choose-places.ts';
import { canEnter, type SystemUser } from './database-user.ts';

/** PostgreSQL names its socket by the port, also where it listens on no port. */
export const SOCKET_PORT = 5432;

/** macOS allows 104 bytes for the path of a socket, Linux 108, the closing zero included. */
const fits = (prefix: string) => Buffer.byteLength(`${prefix}XXXXXX/.s.PGSQL.${SOCKET_PORT}`) < 104;

/**
 * Makes a folder for the socket, 0700 for `user`: in `home` where the path is short enough, else among the temporary files. A new
 * one for each start, because a killed PostgreSQL leaves a lock beside its socket, too. Whoever looks for it reads postmaster.pid.
 */
export async function makeSocketFolder(home: string, user: SystemUser | null): Promise<string> {
  const folder = await mkdtemp(await choosePrefix(home, user));
  await makeClosedFolder(folder, user);
  return folder;
}

/** Removes the socket's folder of a PostgreSQL that is gone; one that we did not make is left. */
export async function removeSocketFolder(folder: string): Promise<void> {
  if (/^(tagalong-)?socket-\w{6}$/.test(basename(folder))) await rm(folder, { recursive: true, force: true });
}

async function choosePrefix(home: string, user: SystemUser | null): Promise<string> {
  const inside = join(home, 'socket-');
  if (fits(inside)) return inside;
  for (const parent of [tmpdir(), '/tmp']) {
    const prefix = join(parent, 'tagalong-socket-');
    if (fits(prefix) && (await canEnter(user, parent))) return prefix;
  }
  throw new Error('No temporary folder has a path short enough for the socket of the embedded database. Shorten DATA_DIR.');
}
