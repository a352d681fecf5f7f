import { chmod, chown, lstat, mkdir, readFile, realpath, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { tellUnusable } from '../unusable-folder.ts';
import { canEnter, chooseDatabaseUser, type SystemUser } from './database-user.ts';

/** Where one embedded database lives. */
export interface Places {
  /** Closed to all but `user`; holds `data` and, where its path is short enough, the socket's folder. */
  home: string;
  data: string;
  user: SystemUser | null;
}

const HOME = 'postgres';
const POINTER = 'database-home';
const BACK_POINTER = 'belongs-to';

/**
 * Decides where the database of `dataDir` (an existing folder, its true path) lives, and makes that folder (0700).
 *
 * Always `<dataDir>/postgres`, with one exception: when we are root and the unprivileged user cannot enter `dataDir` (it lies below
 * root's home, say), the database goes to `<sharedDir>/<random id>`, and `<dataDir>/database-home` says which. So the same DATA_DIR
 * finds its data again, also after it was moved; and as the home says in turn whom it belongs to, a *copied* DATA_DIR is refused
 * instead of two servers writing to one database. Once chosen, the place stays: if it can no longer be entered, this throws
 * rather than begin with an empty database.
 */
export async function choosePlaces(options: { dataDir: string; sharedDir: string; newId: () => string }): Promise<Places> {
  const { dataDir, sharedDir, newId } = options;
  const inside = join(dataDir, HOME);
  const pointed = await readPointer(join(dataDir, POINTER));
  const owner = await ownerOf(pointed ?? inside);
  const user = await chooseDatabaseUser(owner);
  if (pointed) {
    await claim(pointed, dataDir);
    return enter(pointed, user);
  }
  if (owner !== null || (await canEnter(user, dataDir))) return enter(inside, user);
  return enter(await makeOutside({ dataDir, home: join(sharedDir, newId()), user }), user);
}

async function enter(home: string, user: SystemUser | null): Promise<Places> {
  await makeClosedFolder(home, user);
  if (!(await canEnter(user, home))) {
    throw new Error(`The database lies in ${home}, which the user ${user?.name ?? 'of this server'} may not enter.`);
  }
  return { home, data: join(home, 'data'), user };
}

/** Makes `folder` if it is not there, 0700 and owned by `user`. One that somebody else owns is left alone, and then cannot be entered. */
export async function makeClosedFolder(folder: string, user: SystemUser | null): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 }).catch(tellUnusable(folder));
  const found = await lstat(folder);
  if (!found.isDirectory()) throw new Error(`${folder} is in the way of the embedded database.`);
  if (user && found.uid === 0) await chown(folder, user.uid, user.gid);
  if ((found.mode & 0o777) !== 0o700) await chmod(folder, 0o700);
}

/** The pointer is written last: a home without pointer is empty and forgotten, a pointer without home cannot be. */
async function makeOutside(options: { dataDir: string; home: string; user: SystemUser | null }): Promise<string> {
  const { dataDir, home, user } = options;
  await mkdir(join(home, '..'), { recursive: true, mode: 0o755 });
  await makeClosedFolder(home, user);
  await writeFile(join(home, BACK_POINTER), dataDir, { mode: 0o600 });
  const pointer = join(dataDir, POINTER);
  // `wx`: of two servers that start at once, the second finds the first one's choice.
  return writeFile(pointer, home, { flag: 'wx', mode: 0o600 }).then(
    () => home,
    async (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
      await rm(home, { recursive: true });
      return readFile(pointer, 'utf8');
    },
  );
}

/** Refuses a home that belongs to another DATA_DIR which still points to it; takes it over from one that was moved to here. */
async function claim(home: string, dataDir: string): Promise<void> {
  const holder = await readFile(join(home, BACK_POINTER), 'utf8').catch((cause) => {
    throw new Error(`The database of ${dataDir} should lie in ${home}, but is not there.`, { cause });
  });
  if (holder === dataDir) return;
  if ((await readPointer(join(holder, POINTER))) === home && (await realpath(holder)) === holder) {
    throw new Error(
      `${dataDir} is a copy of ${holder}, and two servers cannot share one database. Remove ${join(dataDir, POINTER)}.`,
    );
  }
  await writeFile(join(home, BACK_POINTER), dataDir, { mode: 0o600 });
}

async function readPointer(path: string): Promise<string | null> {
  return readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null;
    throw error;
  });
}

/** Who owns `folder`; null when it is not there. */
async function ownerOf(folder: string): Promise<{ uid: number; gid: number } | null> {
  return stat(folder).then(
    ({ uid, gid }) => ({ uid, gid }),
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return null;
      throw error;
    },
  );
}
