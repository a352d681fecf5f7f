import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { makeClosedFolder } from './choose-places.ts';
import { canEnter, type SystemUser } from './database-user.ts';

/** PostgreSQL names its socket by the port, also where it listens on no port. */
export const SOCKET_PORT = 5432;
const SOCKET = `.s.PGSQL.${SOCKET_PORT}`;
const TEMPORARY = 'tagalong-socket-';

/** macOS allows 104 bytes for the path of a socket, Linux 108, the closing zero included. */
const fits = (folder: string) => Buffer.byteLength(join(folder, SOCKET)) < 104;

/**
 * Makes the folder of the socket, 0700 for `user`: in `home` where the path is short enough, else among the temporary files.
 * Always the same for the same `home`, so that pools find PostgreSQL again after it was restarted.
 */
export async function makeSocketFolder(home: string, user: SystemUser | null): Promise<string> {
  const folder = await chooseFolder(home, user);
  await makeClosedFolder(folder, user);
  return folder;
}

/** Removes the lock that a killed PostgreSQL leaves beside its socket. */
export async function clearSocketLock(folder: string): Promise<void> {
  await rm(join(folder, `${SOCKET}.lock`), { force: true });
}

/** Removes a socket's folder among the temporary files; one in a home is left. */
export async function removeTemporarySocketFolder(folder: string): Promise<void> {
  if (basename(folder).startsWith(TEMPORARY)) await rm(folder, { recursive: true, force: true });
}

async function chooseFolder(home: string, user: SystemUser | null): Promise<string> {
  const inside = join(home, 'socket');
  if (fits(inside)) return inside;
  const name = TEMPORARY + createHash('sha256').update(home).digest('hex').slice(0, 16);
  for (const parent of [tmpdir(), '/tmp']) {
    if (fits(join(parent, name)) && (await canEnter(user, parent))) return join(parent, name);
  }
  throw new Error('No temporary folder has a path short enough for the socket of the embedded database. Shorten DATA_DIR.');
}
