import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { makeClosedFolder } from './choose-places.ts';
import { canEnter, type SystemUser } from './database-user.ts';

/** PostgreSQL names its socket by the port, also where it listens on no port. */
export const SOCKET_PORT = 5432;
const PREFIX = 'tagalong-socket-';

/** macOS allows 104 bytes for the path of a socket, Linux 108, the closing zero included. */
const fits = (folder: string) => Buffer.byteLength(join(folder, `.s.PGSQL.${SOCKET_PORT}`)) < 104;

/**
 * Makes the folder of the socket, 0700 for `user`: inside `home` where the path is short enough, else a new one among the
 * temporary files. Whoever looks for it later reads postmaster.pid.
 */
export async function makeSocketFolder(home: string, user: SystemUser | null): Promise<string> {
  const inside = join(home, 'socket');
  if (!fits(inside)) return makeTemporary(user);
  await makeClosedFolder(inside, user);
  return inside;
}

/** Removes a socket's folder that was made among the temporary files; another is left. */
export async function removeTemporarySocketFolder(folder: string): Promise<void> {
  if (basename(folder).startsWith(PREFIX)) await rm(folder, { recursive: true, force: true });
}

async function makeTemporary(user: SystemUser | null): Promise<string> {
  for (const parent of [tmpdir(), '/tmp']) {
    if (!fits(join(parent, `${PREFIX}XXXXXX`)) || !(await canEnter(user, parent))) continue;
    const folder = await mkdtemp(join(parent, PREFIX));
    await makeClosedFolder(folder, user);
    return folder;
  }
  throw new Error('No temporary folder has a path short enough for the socket of the embedded database. Shorten DATA_DIR.');
}
